import type { Guarded } from "./guard.ts";
import type { Queryable } from "./postgres.ts";
import { LOCK_EXCLUSIVE } from "./sql.ts";
import { lockKey, tokenHash } from "./token.ts";
import type { PresentedToken, SubjectTokens } from "./tokens.ts";

/**
 * Within one transaction: waits for what is in flight under every token of the subject, does `work`, and
 * revokes them all. False, and nothing done, where the presented token is not valid.
 */
export async function revokeAll(
  tx: Queryable,
  subjects: SubjectTokens,
  presented: PresentedToken,
  work: (guarded: Guarded) => Promise<void>,
): Promise<boolean> {
  const claimed = await presented.find(tx);
  if (!claimed) return false;
  const { subject } = claimed;
  // One at a time for each subject. Else two of them, each under a token of its own, would wait for each other.
  await tx.query(LOCK_EXCLUSIVE, [lockKey(tokenHash(`subject ${subject}`))]);
  const locked = new Set<string>();
  await lockAll(tx, () => subjects.live(tx, subject), locked);
  const principal = await presented.find(tx);
  if (!principal) return false;
  await work({ tx, principal });
  // A token that was issued meanwhile may be in use already.
  await lockAll(tx, () => subjects.live(tx, subject), locked);
  await subjects.revokeAll(tx, subject);
  return true;
}

/** Until none is left that is not locked: while one lock is waited for, further tokens may be issued. */
export async function lockAll(
  tx: Queryable,
  identities: () => Promise<readonly Buffer[]>,
  locked = new Set<string>(),
): Promise<void> {
  for (;;) {
    const keys = (await identities()).map(lockKey).filter((key) => !locked.has(key));
    if (keys.length === 0) return;
    for (const key of keys) {
      await tx.query(LOCK_EXCLUSIVE, [key]);
      locked.add(key);
    }
  }
}
