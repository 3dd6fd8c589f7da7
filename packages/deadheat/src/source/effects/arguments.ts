import type { Argument, Expression } from "../parse/syntax.ts";
import { identityDeps } from "./dependencies.ts";
import { entriesOf } from "./dictionaries.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";
import { union, type Value } from "./values.ts";

/** Arguments of a call, evaluated. */
export interface Given {
  readonly expressions: readonly Argument[];
  /** All of them, in order. */
  readonly values: readonly Value[];
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export function evaluateArguments(run: Run, args: readonly Argument[]): Given {
  const values: Value[] = [];
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (const argument of args) {
    const value = evaluate(run, argument.value);
    values.push(argument.spread === "**" ? withEntries(run, value) : value);
    if (argument.name) named.set(argument.name, value);
    else if (argument.spread === "**") spread(run, argument.value, value, named);
    else if (argument.spread === "*") positional.push(...spreadItems(run, value));
    else positional.push(value);
  }
  return { expressions: args, values, positional, named };
}

/** `f(*args)`: what `args` holds is known where the function is called. */
function spreadItems(run: Run, value: Value): readonly Value[] {
  if (value.kind === "tuple") return value.items;
  if (value.kind !== "row" || value.origin !== "parameter") return [];
  const known = run.attribute(value, "[0]");
  if (known) return [known];
  const first = run.row("related", `${value.key}[0]`, { parent: { row: value, name: "[0]" } });
  run.setAttribute(value, "[0]", first);
  return [first];
}

/** `kwargs["number"] = last + 1`, then `create(**kwargs)`: what is given depends on what was put there. */
function withEntries(run: Run, value: Value): Value {
  const entries = value.kind === "row" ? entriesOf(run, value) : undefined;
  if (!entries) return value;
  const deps = [...entries.values()].map((one) => union(one.deps, identityDeps(one)));
  return run.scalar(union(value.deps, ...deps), { shape: "collection", entries });
}

/** `f(**{"name": value})`. */
function spread(run: Run, expression: Expression, value: Value, named: Map<string, Value>): void {
  for (const [name, one] of entriesOf(run, value) ?? []) named.set(name, one);
  if (expression.kind !== "dictionary") return;
  for (const pair of expression.pairs) if (pair.key?.kind === "string") named.set(pair.key.value, value);
}

export function depsOfAll(given: Given): Value["deps"] {
  return union(...given.values.map((one) => union(one.deps, identityDeps(one))));
}
