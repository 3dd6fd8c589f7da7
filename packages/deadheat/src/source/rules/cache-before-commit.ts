import { type Effect, isWrite, precedes, sameTransaction } from "../effects/effect.ts";
import { receiverOf } from "../effects/receivers.ts";
import { becauseOfSavers, SENT_IN_TRANSACTION } from "./before-senders-commit.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";
import { isInAdmin, OF_ADMIN } from "./sent-by-save.ts";

/**
 * `def save(self): super().save(); cache.delete(self.key)`, called in a transaction: whoever asks for the entry before the
 * commit reads the old row, and keeps it in the cache.
 */
export function* cacheBeforeCommit(context: RuleContext): Generator<Candidate> {
  // `if hasattr(transaction, "on_commit"): … else: …`, for a Django that had none.
  if (/\bon_commit\b/.test(context.analysis.fn.text())) return;
  for (const effect of context.effects) {
    if (effect.kind !== "cache-delete" || effect.deferred || OF_NO_ROW.test(textAt(effect))) continue;
    const found = writtenInTransaction(context, effect) ?? writtenBySender(context, effect);
    if (!found) continue;
    const [call] = effect.trail;
    yield explain(effect, {
      message: "the cache is emptied before the commit: who asks in between keeps what was there before",
      because: found.because,
      protection: { coverage: "none" },
      severity: "low",
      ...(found.write ? { also: [found.write] } : {}),
      ...(call ? { site: call } : {}),
      about: "cache",
      interleaving: [
        "A writes   the row, in its transaction",
        "A empties  the cache",
        "B misses   the entry, reads the row as it was, and keeps it in the cache",
        "A commits, and the cache has the old row until it expires",
      ],
    });
    return;
  }
}

interface Reason {
  readonly because: string;
  readonly write?: Effect;
}

/** In a transaction that begins here, of an entry that is called like the table that is written. */
function writtenInTransaction(
  { analysis: { fn }, effects }: RuleContext,
  effect: Effect,
): Reason | undefined {
  const [outer] = effect.txns;
  if (!outer || outer.implicit || outer.site.fn !== fn) return undefined;
  const entry = nameOf(textAt(effect));
  const write = effects.find(
    (one) =>
      isWrite(one) &&
      one.model !== undefined &&
      entry.includes(nameOf(one.model.name)) &&
      precedes(one, effect) &&
      sameTransaction(one.txns, effect.txns),
  );
  return write && { because: "it is called inside transaction.atomic()", write };
}

function textAt({ site: { fn, start, end } }: Effect): string {
  return fn.module.source.text.slice(start, end);
}

/** `page_ranks` and `PageRank`. */
function nameOf(text: string): string {
  return text.replaceAll(/[_-]/g, "").toLowerCase();
}

/** A mutex that is given back, a mark or a count that starts anew: nothing that was read of a row. */
const OF_NO_ROW = /lock|mutex|attempt|fail|throttl|nonce|otp/i;

/** In that of whoever saves or deletes the row. */
function writtenBySender(
  { analysis: { fn }, effects, program }: RuleContext,
  effect: Effect,
): Reason | undefined {
  if (effect.txns.length > 0) return undefined;
  const received = receiverOf({ fn, program });
  if (received) {
    const because = SENT_IN_TRANSACTION[received.signal] ?? becauseOfSavers(received, program);
    return because === undefined ? undefined : { because };
  }
  if (!fn.owner || !/^a?(save|delete)$/.test(fn.name) || !program.models.isPart(fn.owner)) return undefined;
  const write = effects.find((one) => isOwnWrite(one) && precedes(one, effect));
  if (!write) return undefined;
  if (program.settings.atomicRequests === true)
    return { because: "ATOMIC_REQUESTS puts each request into one transaction", write };
  return isInAdmin(fn.owner, program.project) ? { because: OF_ADMIN, write } : undefined;
}

/** `super().save()`, `super().delete()`. */
function isOwnWrite(one: Effect): boolean {
  if (one.trail.length > 0) return false;
  if (one.kind === "command") return /\.a?delete$/.test(one.name) && one.site.fn.name.endsWith("delete");
  return isWrite(one) && one.row?.origin === "self";
}
