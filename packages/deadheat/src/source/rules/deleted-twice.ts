import type { Effect } from "../effects/effect.ts";
import { takesAnything } from "../effects/handlers.ts";
import type { Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `Device.objects.select_for_update().get(pk=self.pk).delete()`: who is second waits until the row is gone, and `get()`
 * then raises what nobody expects of a row that was there. (`filter(pk=self.pk).delete()` deletes none. Where more is done
 * under the lock than to delete, the row is read for that, and its absence is for those to hear who wanted it done.)
 */
export function* deletedTwice({ effects }: RuleContext): Generator<Candidate> {
  for (const removal of effects) {
    const read = removal.row?.fetch;
    if (removal.kind !== "delete" || !read?.query?.locked || read.name !== "get") continue;
    if (removal.tested || removal.handlers.some(expectsNone) || read.handlers.some(expectsNone)) continue;
    if (!isReadOfKnown(read, effects) || isUsedBetween(read, removal, effects)) continue;
    const found = explain(removal, {
      message:
        "a row that was there is locked by get() to be deleted: of two at once, the second finds none, and nobody handles that",
      because: "the one that waits for the lock gets no row when the other has deleted it",
      protection: { coverage: "none" },
      read: read.site,
      severity: "low",
      interleaving: [
        "A, B       find the row",
        "A          locks it, deletes it and commits",
        "B          waits for the lock, and get() raises DoesNotExist",
      ],
    });
    // (The lock that callers may hold is on a row that is there no more.)
    yield { ...found, at: read, regardless: true, ...(read.trail[0] ? { beside: true } : {}) };
  }
}

/** `pk=self.pk`, `pk=device.pk` of one that was read: its absence was nothing to think of. */
function isReadOfKnown(read: Effect, effects: readonly Effect[]): boolean {
  const [filter, another] = read.query?.filters ?? [];
  if (!filter || another || filter.exclude || !/^(pk|id)$/.test(filter.lookup)) return false;
  const { value } = filter;
  const whole = value.kind === "row" ? (value.parent?.row ?? value) : undefined;
  if (!whole) return false;
  // Of a caller's row, the caller that has read it says it: others were given it.
  return read.trail.length === 0 ? whole.origin === "self" || isFound(whole) : isFoundHere(whole, effects);
}

function isFound({ fetch }: Row): boolean {
  return fetch?.kind === "fetch";
}

function isFoundHere({ key }: Row, effects: readonly Effect[]): boolean {
  return effects.some(
    (one) => one.kind === "fetch" && one.trail.length === 0 && !one.query?.locked && one.row?.key === key,
  );
}

function isUsedBetween(read: Effect, removal: Effect, effects: readonly Effect[]): boolean {
  const isOwnTest = removal.guards.some((one) => one.seq > read.seq);
  return isOwnTest || effects.some((one) => one.seq > read.seq && one.seq < removal.seq);
}

function expectsNone(name: string): boolean {
  return takesAnything(name) || /(DoesNotExist|Http404)$/.test(name);
}
