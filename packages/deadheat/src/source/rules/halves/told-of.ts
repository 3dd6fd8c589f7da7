import { type Effect, precedes } from "../../effects/effect.ts";
import { keyOf } from "../../effects/scalars.ts";
import type { Query, Row } from "../../effects/values.ts";
import { type Belonging, callsTo, givenRows, type Halves } from "./halves.ts";

/**
 * `order.save()`, then `Shipment.objects.create(order=order)`; `found.update(active=False)`, then a line in the log for
 * each of those that were found: what is told of the change is missing, or the change is there without it.
 */
export function toldOfIn(effects: readonly Effect[]): Belonging {
  return (halves) => (callsTo(halves) > 1 || isSavedAgain(halves, effects) ? undefined : toldOf(halves));
}

/** `job.start()`, and hours later `job.end()`, which saves the job and makes a note of it: the note is of the end. */
function isSavedAgain({ first, second }: Halves, effects: readonly Effect[]): boolean {
  return (
    first.kind === "save" &&
    effects.some(
      (one) =>
        one.kind === "save" &&
        one.row?.key === first.row?.key &&
        one.seq > first.seq &&
        one.seq < second.seq &&
        precedes(one, second),
    )
  );
}

const toldOf: Belonging = ({ first, second, below }) => {
  if (second.kind !== "create" || second.name.startsWith("relation.")) return undefined;
  if (first.kind === "save" && first.row && (below || isThere(first.row, first))) {
    if (!isMadeFor(second, first.row.key)) return undefined;
    return "a row is changed and one that belongs to it is made, in no transaction";
  }
  if (first.kind !== "update" || first.name.startsWith("relation.")) return undefined;
  const isForEach = readFor(second).some((row) => isSameSearch(row.fetch?.query, first.query));
  if (!isForEach) return undefined;
  return "rows are changed and others are made for each of them, in no transaction";
};

/** What a call out of sight gave may be a new one, unless it is changed here. */
function isThere({ origin }: Row, { fields }: Effect): boolean {
  return origin === "call" ? (fields?.size ?? 0) > 0 : origin !== "new";
}

function isMadeFor(create: Effect, key: string): boolean {
  if (givenRows(create).some((one) => one.key === key)) return true;
  // Of many rows at once, what they are given is known by what it was read from.
  return (
    create.name === "bulk_create" &&
    create.deps.some(
      (atom) => atom.kind === "field" && (atom.row.key === key || atom.row.key.startsWith(`${key}.`)),
    )
  );
}

/** The rows whose columns a new one is given. */
function readFor(create: Effect): Row[] {
  const read = [...(create.fields?.values() ?? [])].flatMap(({ deps }) => deps);
  const rows = [...create.deps, ...read].flatMap((atom) => (atom.kind === "field" ? [atom.row] : []));
  return [...givenRows(create), ...rows].flatMap((row) => withParents(row));
}

function withParents(row: Row): Row[] {
  return row.parent ? [row, ...withParents(row.parent.row)] : [row];
}

/** The same rows, looked for twice. */
export function isSameSearch(one: Query | undefined, other: Query | undefined): boolean {
  const textOf = (query: Query) =>
    query.filters.map(({ lookup, value, exclude }) => `${exclude}${lookup}=${keyOf(value)}`).join();
  if (!one || !other || one.filters.length === 0) return false;
  return one.owner?.row.key === other.owner?.row.key && textOf(one) === textOf(other);
}
