import { GuardError } from "./errors.ts";
import type { Guarded } from "./guard.ts";
import type { Queryable } from "./postgres.ts";
import { LOCK_EXCLUSIVE } from "./sql.ts";
import { lockKey, tokenHash } from "./token.ts";
import type { SubjectTokens, TokenStore } from "./tokens.ts";

export interface Presented {
  readonly tx: Queryable;
  readonly tokens: TokenStore;
  readonly hash: Buffer;
  readonly realm: string;
}

/**
 * Within one transaction: waits for what is in flight under every token of the subject, does `work`, and
 * revokes them all. Throws TypeError for a store that does not know which tokens a subject has.
 */
export async function revokeAll(
  { tx, tokens, hash, realm }: Presented,
  work: (guarded: Guarded) => Promise<void>,
): Promise<void> {
  const { subjects } = tokens;
  if (!subjects) throw new TypeError("revokeAll needs a store that knows the tokens of a subject");
  const claimed = await tokens.find(tx, hash);
  if (!claimed) throw new GuardError("invalid-token", { realm });
  // One at a time for each subject. Else two of them, each under a token of its own, would wait for each other.
  await tx.query(LOCK_EXCLUSIVE, [lockKey(tokenHash(`subject ${claimed.subject}`))]);
  const locked = new Set<string>();
  await lockLive(tx, subjects, claimed.subject, locked);
  const principal = await tokens.find(tx, hash);
  if (!principal) throw new GuardError("invalid-token", { realm });
  await work({ tx, principal });
  // A token that was issued meanwhile may be in use already.
  await lockLive(tx, subjects, claimed.subject, locked);
  await subjects.revokeAll(tx, claimed.subject);
}

/** Until no valid token is left that is not locked: while one lock is waited for, others may be issued. */
async function lockLive(
  tx: Queryable,
  subjects: SubjectTokens,
  subject: string,
  locked: Set<string>,
): Promise<void> {
  for (;;) {
    const keys = (await subjects.live(tx, subject)).map(lockKey).filter((key) => !locked.has(key));
    if (keys.length === 0) return;
    for (const key of keys) {
      await tx.query(LOCK_EXCLUSIVE, [key]);
      locked.add(key);
    }
  }
}
