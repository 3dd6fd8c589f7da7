import { type Effect, type Guard, sameTransaction } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import { keyOf } from "../effects/scalars.ts";
import { columnOf, hangsOn } from "../effects/values.ts";

/**
 * `if not rounds.filter(pk=round.pk, state=OPEN).update(state=CLOSED): return`: of all who come for one row, one passes.
 * What is looked for among what belongs to that row, and made there, is made by that one alone.
 */
export function isClaimedFirst(create: Effect, search: Effect): boolean {
  return create.guards.some((guard) =>
    [...guard.missing].some(
      ([claim, failed]) =>
        isClaim(claim) &&
        claim.seq < create.seq &&
        isPassed(create, guard, failed) &&
        claim.key !== undefined &&
        hangsOn(search.query, claim.key),
    ),
  );
}

/** Finds a row by the value that it takes away. */
function isClaim({ kind, tested, query, fields }: Effect): boolean {
  if (kind !== "update" || !tested) return false;
  const filters = (query?.filters ?? []).filter((one) => !one.exclude);
  if (!filters.some((one) => /^(pk|id)(__exact)?$/.test(one.lookup))) return false;
  return [...(fields?.values() ?? [])].some(({ name, value }) =>
    filters.some(
      ({ lookup, value: old }) =>
        columnOf(lookup.split("__")[0] as string) === columnOf(name) && keyOf(old) !== keyOf(value),
    ),
  );
}

/** On the arm on which the update has found its row. */
function isPassed(create: Effect, { branch }: Guard, failed: number): boolean {
  return create.steps.some((one) => one.branch === branch && one.arm !== failed);
}

/**
 * `invite` is locked, `if invite.member: raise`, then a member is made and `invite.member = member`: who comes with the
 * same invite waits, and is turned away. (Of two who come with two, the database refuses one.)
 */
export function isNotedOnLocked(effects: readonly Effect[], create: Effect): boolean {
  const { row, guards, txns } = create;
  return locksOf(effects).some(
    (lock) =>
      lock.row !== undefined &&
      lock.seq < create.seq &&
      sameTransaction(lock.txns, txns) &&
      effects.some(
        (one) =>
          one.seq > create.seq &&
          one.row === lock.row &&
          sameTransaction(one.txns, txns) &&
          [...(one.fields?.values() ?? [])].some(
            ({ name, value }) =>
              value.kind === "row" && value === row && guards.some((guard) => asks(guard, lock, name)),
          ),
      ),
  );
}

function asks({ deps, seq }: Guard, lock: Effect, name: string): boolean {
  return (
    seq > lock.seq &&
    deps.some((atom) => atom.kind === "field" && atom.row === lock.row && atom.name === columnOf(name))
  );
}
