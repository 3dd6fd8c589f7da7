import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Run } from "./run.ts";
import { assignedFrom } from "./saved-columns.ts";
import type { Assigned, Value } from "./values.ts";

const NONE_GIVEN: readonly Assigned[] = [];
const known = new WeakMap<FunctionDefinition, boolean>();

/**
 * `write(row, total=total)`, where `def write(row, **columns)` sets each of them by its name; or
 * `write(row, {"total": total})`: the columns that such a function sets, if it sets any.
 */
export function columnsGiven(
  run: Run,
  fn: FunctionDefinition,
  bound: ReadonlyMap<string, Value>,
  named: ReadonlyMap<string, Value>,
  span: Span,
): readonly Assigned[] {
  if (!setsByName(fn)) return NONE_GIVEN;
  const { parameters } = fn.signature();
  const given = new Map<string, Value>();
  if (parameters.some((one) => one.spread === "**"))
    for (const [name, value] of named)
      if (!parameters.some((one) => one.name === name && !one.spread)) given.set(name, value);
  for (const value of bound.values())
    if (value.kind === "scalar" && value.entries)
      for (const [name, one] of value.entries) given.set(name, one);
  return given.size === 0 ? NONE_GIVEN : [...assignedFrom(run, given, span).values()];
}

function setsByName(fn: FunctionDefinition): boolean {
  const before = known.get(fn);
  if (before !== undefined) return before;
  const sets = /\bsetattr\(|\bupdate\(\s*\*\*/.test(fn.text());
  known.set(fn, sets);
  return sets;
}
