import type { Argument, Expression, Span } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { attributeOf, classOf, queryOf } from "./attributes.ts";
import { ANY_COLUMN, columnNamed } from "./by-name.ts";
import { collectionOf } from "./collections.ts";
import { identityDeps } from "./dependencies.ts";
import { entriesOf } from "./dictionaries.ts";
import type { Effect } from "./effect.ts";
import { evaluate, evaluateTest } from "./expressions.ts";
import { elementOf, iterate, look } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import { shapeOf } from "./scalars.ts";
import { NONE, type Row, union, type Value } from "./values.ts";

const PASSES_ON = new Set([
  "len",
  "bool",
  "sum",
  "any",
  "all",
  "max",
  "min",
  "list",
  "tuple",
  "set",
  "sorted",
  "dict",
  "reversed",
  "int",
  "float",
  "str",
  "abs",
  "round",
  "repr",
  "map",
  "filter",
  "iter",
  "frozenset",
  "Decimal",
  "hash",
]);

/** Python's own functions; `undefined` for a name that is none of them. */
export function builtin(
  run: Run,
  name: string,
  expression: Expression & { readonly kind: "call" },
): Value | undefined {
  if (run.env.has(name) || run.program.project.lookup(run.fn.module, name)) {
    if (name !== "cast" && name !== "Decimal") return undefined;
  }
  const [first, second] = expression.args;
  switch (name) {
    case "getattr":
    case "hasattr":
      return reflect(run, name, expression);
    case "setattr": {
      const object = first && evaluate(run, first.value);
      const value = expression.args[2] && evaluate(run, expression.args[2].value);
      const label = second ? columnNamed(run, second.value) : ANY_COLUMN;
      if (object?.kind === "row" && value) run.assign(object, label, value, expression);
      return run.scalar(NONE, { literal: null });
    }
    case "cast":
      return second ? evaluate(run, second.value) : run.unknown();
    case "type": {
      const object = first && evaluate(run, first.value);
      return object?.kind === "row" ? classOf(object) : run.unknown();
    }
    case "super":
    case "isinstance":
    case "issubclass":
    case "print":
    case "id":
      for (const one of expression.args) evaluate(run, one.value);
      return run.scalar(NONE);
    case "next": {
      const source = first && evaluate(run, first.value);
      return source ? iterate(run, source, expression) : run.unknown();
    }
    case "enumerate":
      return first && collectionOf(pairOf([run.unknown(), partIn(run, first.value)]), NONE);
    case "zip":
      // `zip(*pairs)` turns rows into columns.
      if (expression.args.some((one) => one.spread)) return passOn(run, name, expression);
      return first && collectionOf(pairOf(expression.args.map((one) => partIn(run, one.value))), NONE);
    case "dict":
      return isNamedOnly(expression.args) ? dictionaryOf(run, expression) : passOn(run, name, expression);
    default:
      return PASSES_ON.has(name) ? passOn(run, name, expression) : undefined;
  }
}

/** `dict(name=name, size=3)`, which is `{"name": name, "size": 3}`. */
function dictionaryOf(run: Run, expression: Expression & { readonly kind: "call" }): Value {
  const entries = new Map<string, Value>();
  const deps = expression.args.map(({ name, value }) => {
    const one = evaluate(run, value);
    entries.set(name!, one);
    return union(operandDeps(run, one, value), identityDeps(one));
  });
  return run.scalar(union(...deps), { shape: "collection", entries });
}

/** `dict(a=1, b=2)`, with nothing spread out. */
export function isNamedOnly(args: readonly Argument[]): boolean {
  return args.length > 0 && args.every((one) => one.name !== undefined && !one.spread);
}

/** `for index, row in enumerate(rows)`, `for row, name in zip(rows, names)`: one of each. */
function pairOf(items: readonly Value[]): Value {
  return { kind: "tuple", items, deps: union(...items.map((one) => one.deps)) };
}

function partIn(run: Run, source: Expression): Value {
  return iterate(run, evaluate(run, source), source);
}

function passOn(run: Run, name: string, expression: Expression & { readonly kind: "call" }): Value {
  const values = expression.args.map((one) => evaluate(run, one.value));
  const [only] = values;
  // A list of rows read once; the elements are those of the queryset.
  if (only?.kind === "query" && values.length === 1) {
    if (/^(list|tuple|set|sorted|iter|reversed)$/.test(name)) {
      const row = elementOf(run, only, expression, "list");
      return collectionOf(row, row.fetch ? [{ kind: "query", effect: row.fetch }] : NONE);
    }
    return run.scalar(union(only.deps, look(run, only, expression)));
  }
  if (
    /^(list|tuple|set|sorted|iter|reversed)$/.test(name) &&
    only &&
    values.length === 1 &&
    only.kind !== "scalar"
  )
    return only;
  // `dict((row.name, row) for row in rows)`.
  const pair = name === "dict" && only?.kind === "tuple" && only.many ? only.items[0] : undefined;
  if (pair?.kind === "tuple" && pair.items[1])
    return collectionOf(pair.items[1], union(only!.deps, identityDeps(pair.items[1])));
  // `dict(page=page, text=text)`, `dict(data, number=n)`.
  const entries = new Map<string, Value>(name === "dict" ? entriesOf(run, only) : []);
  if (name === "dict")
    for (const [at, one] of expression.args.entries()) if (one.name) entries.set(one.name, values[at]!);
  return run.scalar(
    union(
      ...values.map((one, index) =>
        union(
          operandDeps(run, one, expression),
          identityDeps(one),
          look(run, one, expression.args[index]!.value),
        ),
      ),
    ),
    {
      shape:
        name === "sum"
          ? "arithmetic"
          : name === "dict"
            ? "collection"
            : (shapeOf(...values) ?? (/^(list|set|sorted|tuple)$/.test(name) ? "collection" : undefined)),
      ...(entries.size > 0 ? { entries } : {}),
    },
  );
}

function reflect(run: Run, name: string, expression: Expression & { readonly kind: "call" }): Value {
  const [first, second, third] = expression.args;
  if (!first || !second) return run.unknown();
  const object = evaluate(run, first.value);
  const label = columnNamed(run, second.value);
  if (third) evaluateTest(run, third.value);
  if (label === ANY_COLUMN)
    return object.kind === "row" ? attributeOf(run, object, label, expression) : run.unknown();
  const value = attributeOf(run, object, label, expression);
  if (name === "getattr") return value;
  // `hasattr(user, "profile")` asks the database whether there is one.
  if (object.kind !== "row") return run.scalar(NONE);
  const site = run.site(expression);
  const effect = askFor(run, object, label, expression);
  return run.scalar([
    { kind: "query", effect },
    { kind: "field", row: object, name: label, site, seq: run.seq },
  ]);
}

/** Whether a row has a related one: a question to the database. */
export function askFor(run: Run, row: Row, name: string, span: Span): Effect {
  const value = attributeOf(run, row, name, span);
  const model = value.kind === "row" && value.model ? { model: value.model } : {};
  return run.emit("exists", span, {
    query: queryOf(run, undefined, { owner: { row, name }, ...model }),
    ...model,
    name: "hasattr",
  });
}

export function isNamed(expression: Expression, name: RegExp): boolean {
  return name.test(textOf(expression));
}
