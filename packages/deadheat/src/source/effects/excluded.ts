import type { Span } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import type { Effect } from "./effect.ts";
import { look } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import { shapeOf } from "./scalars.ts";
import { type Deps, union, type Value } from "./values.ts";

/** A value, and where it stands. */
interface Operand {
  readonly value: Value;
  readonly span: Span;
}

/**
 * What is left of `all` when those are taken away that were found: which there are depends on what was found, but none of
 * them is a copy of it. (`{row.day for row in rows}` is made of the rows' days, `days - {row.day for row in rows}` of others.)
 */
export function withoutFound(run: Run, all: Operand, found: Operand): Value {
  const [deps, excluded] = [depsOf(run, all), depsOf(run, found)];
  return run.scalar(union(deps, depsOfExcluded(excluded)), { shape: "collection" });
}

function depsOf(run: Run, { value, span }: Operand): Deps {
  const read = look(run, value, span);
  return union(operandDeps(run, value, span), read);
}

/** `set(days).difference(known)`. (`field.shape.difference(road.shape)` takes away no rows.) */
export function differenceOf(run: Run, object: Value, given: Given, span: Span): Value | undefined {
  const [value] = given.positional;
  if (!value || (object.kind !== "scalar" && object.kind !== "row")) return undefined;
  const isFound = value.kind === "query" || listsIn(value.deps).length > 0;
  return isFound ? withoutFound(run, { value: object, span }, { value, span }) : undefined;
}

/** `days - known`, where one of them is a collection. */
export function isDifference(operator: string, left: Value, right: Value): boolean {
  return operator === "-" && shapeOf(left, right) === "collection";
}

/** `[day for day in days if day not in known]`. */
export function depsOfExcluded(deps: Deps): Deps {
  const listed = listsIn(deps);
  if (listed.length === 0) return deps;
  return deps.filter((atom) => atom.kind === "query" || !listed.some((one) => one === atom.row.fetch));
}

function listsIn(deps: Deps): readonly Effect[] {
  return deps.flatMap((atom) => (atom.kind === "query" && atom.effect.kind === "list" ? [atom.effect] : []));
}
