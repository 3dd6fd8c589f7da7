import type { LockKeys } from "./locks.ts";
import type { Queryable } from "./postgres.ts";

/** Who a valid token speaks for, and for what. */
export interface Principal {
  readonly subject: string;
  /** What it is good for (RFC 6749 §3.3); empty where tokens are not told apart by that. */
  readonly scopes: readonly string[];
  readonly issuedAt: Date | undefined;
  readonly expiresAt: Date;
  /** What was left of the token's life when it was read, in milliseconds of the database's clock. */
  readonly remainingMs: number;
}

/** A token that somebody has presented, as its store sees it. Each method is one statement. */
export interface PresentedToken {
  /** What it is locked by: the same for every spelling of it that the store accepts. */
  readonly keys: LockKeys;
  /** Undefined where the token is not valid at this moment. */
  find(tx: Queryable): Promise<Principal | undefined>;
  /** True where this call, and no other, revoked a token that was valid. */
  revoke(tx: Queryable): Promise<boolean>;
  /** Notes that it was used, where that is worth a write. Called after the transaction that it was used in. */
  used?(tx: Queryable): Promise<void>;
}

/** What the guard asks of a store of tokens. */
export interface TokenStore {
  /** Undefined for what cannot be a token of this store, whatever the database says. */
  present(token: string): PresentedToken | undefined | Promise<PresentedToken | undefined>;
  /** For a store that can revoke all tokens of a subject, as `revokeAll` needs it. */
  readonly subjects?: SubjectTokens;
}

export interface SubjectTokens {
  /** What the locks of all of the subject's tokens have in common. */
  keys(subject: string): LockKeys;
  /** All that are valid now; under the exclusive lock of `keys`. */
  revokeAll(tx: Queryable, subject: string): Promise<void>;
}
