import { SmallMap } from "../project/small-map.ts";
import type { Effect, Guard } from "./effect.ts";
import type { Assigned, Atom, Query, Row, Value } from "./values.ts";

type Growing<T> = { -readonly [K in keyof T]: T[K] };

const WRITES = new Set<Effect["kind"]>([
  "save",
  "update",
  "create",
  "get-or-create",
  "delete",
  "external",
  "wait",
  "cache-set",
  "cache-delete",
  "mint",
  "spend",
  "refresh",
  "decode",
]);

/**
 * The effects of a function that can matter to one that calls it: what it writes, what it locks, and the reads
 * that these or its result depend on. Commands out of sight count only where they are called.
 */
export function summarise(parts: {
  readonly effects: readonly Effect[];
  readonly refusals: readonly Guard[];
  readonly result: Value | undefined;
  readonly changed: readonly Row[];
}): readonly Effect[] {
  const wanted = new Set<Effect>();
  const seen = new Set<object>();
  const lists = new Map<readonly Assigned[], readonly Assigned[]>();
  /** What was added to one by one has room for sixteen more, and nothing is added any more. Some rows share a list. */
  const fitted = (list: readonly Assigned[]): readonly Assigned[] => {
    const known = lists.get(list) ?? list.slice();
    lists.set(list, known);
    return known;
  };
  const atoms = (list: readonly Atom[]): void => {
    for (const atom of list) {
      if (atom.kind === "query") effect(atom.effect);
      else row(atom.row);
    }
  };
  const guard = (one: Guard): void => {
    if (seen.has(one)) return;
    seen.add(one);
    atoms(one.deps);
    (one as Growing<Guard>).missing = SmallMap.from(one.missing);
    for (const missing of one.missing.keys()) effect(missing);
  };
  const query = (one: Query): void => {
    if (seen.has(one)) return;
    seen.add(one);
    atoms(one.deps);
    if (one.owner) row(one.owner.row);
    for (const filter of one.filters) value(filter.value);
  };
  const row = (one: Row): void => {
    if (seen.has(one)) return;
    seen.add(one);
    if (one.fetch) effect(one.fetch);
    for (const refresh of one.refreshes) effect(refresh);
    if (one.parent) row(one.parent.row);
    if (one.alias) row(one.alias);
    if (one.instance) value(one.instance);
    if (one.input) atoms(one.input);
    atoms(one.deps);
    if (one.assigned.length > 1) one.assigned = fitted(one.assigned);
    for (const assigned of one.assigned) {
      atoms(assigned.deps);
      if (assigned.chosenBy) atoms(assigned.chosenBy);
      if (assigned.whereNone) atoms(assigned.whereNone);
      value(assigned.value);
    }
  };
  const value = (one: Value): void => {
    if (one.kind === "row") row(one);
    else if (one.kind === "query") query(one);
    else if (one.kind === "tuple") one.items.forEach(value);
    else atoms(one.deps);
  };
  const effect = (one: Effect): void => {
    if (wanted.has(one)) return;
    wanted.add(one);
    atoms(one.deps);
    one.guards.forEach(guard);
    if (one.row) row(one.row);
    if (one.query) query(one.query);
    if (one.fields) (one as Growing<Effect>).fields = SmallMap.from(one.fields);
    for (const assigned of one.fields?.values() ?? []) {
      atoms(assigned.deps);
      value(assigned.value);
    }
  };
  for (const one of parts.effects)
    if (
      WRITES.has(one.kind) ||
      one.query?.locked ||
      (one.kind === "command" && one.trail.length < 2 && one.row)
    )
      effect(one);
  parts.refusals.forEach(guard);
  parts.changed.forEach(row);
  if (parts.result) value(parts.result);
  // `if lock: row = locked() else: row = read()`: callers know which of them it was.
  if (parts.result?.kind === "row" && parts.result.fetch)
    for (const one of parts.effects)
      if (one.kind === "fetch" && one.row?.key === parts.result.key) effect(one);
  return parts.effects.filter((one) => wanted.has(one));
}
