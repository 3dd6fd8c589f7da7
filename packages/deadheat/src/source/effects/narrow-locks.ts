import type { Effect, Lock } from "./effect.ts";
import { keyOf } from "./scalars.ts";

/**
 * `with lock(f"{desk.pk}:{visitor_id}")`, and counted are `filter(desk=desk)`: two visitors of one desk hold two locks. It
 * is seen where all that was asked for is in the key, and something beside that does not come from it.
 */
export function isNarrower(lock: Lock, read: Effect): boolean {
  // (Where the lock was taken in a called function, there.)
  const { origin } = read;
  const inThere = lock.of ? undefined : origin?.locks.find(({ site }) => isSamePlace(site, lock.site));
  if (origin && inThere) return isNarrower(inThere, origin);
  const { query } = read;
  if (!lock.of || !query || query.opaque) return false;
  const asked = query.filters.filter((one) => !one.exclude).map(({ value }) => rootOf(keyOf(value)));
  if (query.owner) asked.push(query.owner.row.key);
  const named = lock.of.map(rootOf);
  if (asked.length === 0 || !asked.every((one) => named.includes(one))) return false;
  return named.some((one) => isFreeOf(one, asked));
}

function isSamePlace(one: Lock["site"], other: Lock["site"]): boolean {
  return one.fn === other.fn && one.start === other.start;
}

/** `desk.pk` and `desk.pk_id` mean the desk. */
function rootOf(key: string): string {
  return key.replace(/(\.pk|_id)$/, "");
}

/** Not written out, and no part of what was asked for (`{user.pk}:{user.email}` is one user). */
function isFreeOf(key: string, asked: readonly string[]): boolean {
  return !/^["\d]/.test(key) && !asked.some((one) => key === one || key.startsWith(`${one}.`));
}
