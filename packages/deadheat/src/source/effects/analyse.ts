import type { Parameter } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { decorate } from "./decorators.ts";
import { evaluate } from "./expressions.ts";
import type { Analysis, Program } from "./program.ts";
import { Run, shapeOf } from "./run.ts";
import { runBlock } from "./statements.ts";
import { summarise } from "./summary.ts";
import { typeFromAnnotation } from "./types.ts";
import { NONE, type Row, union, type Value } from "./values.ts";

/** Walks through one function and notes what it does. */
export function analyse(program: Program, fn: FunctionDefinition): Analysis {
  const run = new Run(program, fn);
  const node = fn.decode();
  const parameters = new Map<string, Value>();
  for (const [index, parameter] of node.parameters.entries()) {
    const value = bindParameter(
      run,
      parameter,
      index,
      node.decorators.length > 0 && isStatic(fn, node.decorators),
    );
    parameters.set(parameter.name, value);
    run.env.set(parameter.name, value);
  }
  decorate(run, node.decorators);
  runBlock(run, node.body);
  const changed = [...parameters.values()].filter(
    (one): one is Row => one.kind === "row" && hasChanges(one, 0),
  );
  const result = mergeResults(run);
  return {
    fn,
    effects: run.effects,
    summary: summarise({ effects: run.effects, refusals: run.refusals, result, changed }),
    guards: run.allGuards,
    refusals: run.refusals,
    parameters,
    result,
    changed,
    truncated: run.truncated,
  };
}

function hasChanges(row: Row, depth: number): boolean {
  if (row.assigned.length > 0) return true;
  if (depth > 2) return false;
  return [...row.attributes.values()].some((one) => one.kind === "row" && hasChanges(one, depth + 1));
}

function isStatic(_fn: FunctionDefinition, decorators: readonly { readonly kind: string }[]): boolean {
  return decorators.some((one) => one.kind === "name" && (one as { id?: string }).id === "staticmethod");
}

function bindParameter(run: Run, parameter: Parameter, index: number, isStaticMethod: boolean): Value {
  const { owner } = run.fn;
  const { models } = run.program;
  const key = `${run.fn.qualified}(${parameter.name})`;
  if (parameter.spread === "**" || parameter.spread === "*")
    return run.row("parameter", key, { parameter: parameter.name });
  if (owner && index === 0 && !isStaticMethod) {
    if (parameter.name === "cls" || parameter.name === "mcs")
      return {
        kind: "class",
        cls: owner,
        ...(models.isModel(owner) ? { model: models.of(owner) } : {}),
        dotted: owner.name,
        deps: NONE,
      };
    if (parameter.name === "self") return bindSelf(run, key);
  }
  const type = parameter.annotation && typeFromAnnotation(run, parameter.annotation);
  if (type?.many)
    return {
      kind: "query",
      id: run.program.fresh(),
      ...(type.model ? { model: type.model } : {}),
      filters: [],
      locked: false,
      opaque: true,
      deps: NONE,
    };
  // `def find(user, carts=Cart.objects.all())`.
  const fallback =
    parameter.fallback && /^(call|attribute)$/.test(parameter.fallback.kind)
      ? evaluate(run, parameter.fallback)
      : undefined;
  if (fallback?.kind === "query") return { ...fallback, opaque: true };
  return run.row("parameter", key, {
    parameter: parameter.name,
    ...(type?.model ? { model: type.model } : {}),
    ...(type?.cls ? { cls: type.cls } : {}),
  });
}

function bindSelf(run: Run, key: string): Value {
  const owner = run.fn.owner!;
  const { models, project } = run.program;
  const { external } = project.lineage(owner);
  // In a manager or queryset, `self` is what will be read.
  if (
    external.some((one) => /(Manager|QuerySet)(\.from_queryset)?$/.test(one)) ||
    /(Manager|QuerySet)$/.test(owner.name)
  ) {
    const model = models.managedBy(owner);
    return {
      kind: "query",
      id: run.program.fresh(),
      ...(model ? { model } : {}),
      filters: [],
      locked: false,
      opaque: false,
      deps: NONE,
    };
  }
  const model = models.isModel(owner) ? models.of(owner) : undefined;
  return run.row("self", key, { parameter: "self", cls: owner, ...(model ? { model } : {}) });
}

/** One value for what a function returns: the most telling one, with what all of them depend on. */
function mergeResults(run: Run): Value | undefined {
  const { results } = run;
  if (results.length === 0) return undefined;
  const deps = union(...results.map((one) => one.deps));
  const best =
    [...results].reverse().find((one) => one.kind === "row" && (one.fetch || one.origin !== "call")) ??
    [...results].reverse().find((one) => one.kind === "query") ??
    results.find((one) => one.kind === "tuple") ??
    [...results].reverse().find((one) => one.kind === "row") ??
    results.find((one) => one.kind !== "scalar") ??
    results.find((one) => one.kind === "scalar" && one.literal === undefined);
  if (!best) {
    const only = results.length === 1 ? results[0] : undefined;
    return only ?? run.scalar(deps);
  }
  return best.kind === "scalar" ? run.scalar(deps, { shape: shapeOf(...results) }) : best;
}
