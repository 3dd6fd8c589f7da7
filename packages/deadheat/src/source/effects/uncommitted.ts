import type { Lock } from "./effect.ts";

/**
 * A lock of a block in a transaction that goes on after it: who gets it next does not see what was written under it.
 * (`advisory_xact_lock` ends with the transaction.)
 */
export function uncommitted(lock: Lock): Lock {
  return lock.byStatement || ENDS_WITH_TRANSACTION.test(lock.name)
    ? lock
    : { ...lock, endsUncommitted: true };
}

/** By what is called, or by `xact=True`: a key may be called anything. */
const ENDS_WITH_TRANSACTION = /^[^(]*(xact|transaction)|\bxact\s*=\s*True\b/i;
