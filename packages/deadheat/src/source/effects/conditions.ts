import { Marks } from "./marks.ts";
import type { Value } from "./values.ts";

/** Lookups of a `Q` that was put together before a queryset is given it: `due |= Q(sent_at=None)`. */
export const lookups = new Marks<Value, readonly string[]>();

export function lookupsOf(value: Value): readonly string[] {
  return lookups.get(value) ?? [];
}

export function isCondition(dotted: string): boolean {
  return /(^|\.)Q$/.test(dotted);
}

/** `made` asks for what `names` ask for, and for what the conditions among `parts` do. */
export function joinConditions(made: Value, parts: readonly Value[], names: Iterable<string> = []): Value {
  const all = new Set([...names, ...parts.flatMap(lookupsOf)]);
  if (all.size > 0) lookups.set(made, [...all]);
  return made;
}
