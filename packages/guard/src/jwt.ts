import { createHash } from "node:crypto";
import { type JwtSql, jwtSql } from "./jwt-sql.ts";
import type { Queryable } from "./postgres.ts";
import type { PresentedToken, SubjectTokens, TokenStore } from "./store.ts";
import { lockKey } from "./token.ts";

/** What has been verified of a JSON Web Token: its signature above all. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  /** The claim `jti`. */
  readonly id: string;
  readonly expiresAt: Date;
  readonly notBefore?: Date;
  /** The claim `iat`. Without it, and without an epoch, `revokeAll` of the subject revokes this token for good. */
  readonly issuedAt?: Date;
  /** What `JwtTokens.epoch` said when the token was issued, where that is a claim of it. */
  readonly epoch?: number;
  readonly scopes?: readonly string[];
}

/**
 * Verifies with a library of your choice: algorithms pinned and not taken from the token, `iss`, `aud`, `nbf` and
 * `exp` (RFC 8725 §3). Undefined where the token is no good.
 */
export interface Verify {
  (token: string): Promise<VerifiedToken | undefined>;
  /** What it has granted `exp` and `nbf` already, so that the database grants the same. */
  readonly leewaySeconds?: number;
}

export interface JwtTokenOptions {
  /** `joseVerifier` of `@deadheat/guard/jose` makes one. */
  readonly verify: Verify;
  /** The PostgreSQL schema that the tables live in. Default: `guard`. */
  readonly schema?: string;
  /**
   * By how much the clocks of issuer and database may differ: so long `exp` is over and `nbf` is not yet there, and
   * so much must lie between a `revokeAll` and the `iat` of a token that comes after it. Default: the verifier's, or 0.
   */
  readonly leewaySeconds?: number;
}

export interface JwtTokens extends TokenStore {
  readonly subjects: SubjectTokens;
  /** SQL that makes the tables; running it again does nothing. */
  readonly migration: string;
  /**
   * The number that a token issued now has to carry to outlive every `revokeAll` of the subject so far, and none that
   * follows. To be called in the transaction of the log-in. Tokens that carry none are judged by `iat`, which
   * `leewaySeconds` and the clocks make coarser: one issued right after a `revokeAll` may be refused.
   */
  epoch(tx: Queryable, subject: string): Promise<number>;
  /** Forgets revoked tokens that would have expired by now. To be called now and then, see `cleanUp`. */
  prune(tx: Queryable): Promise<void>;
}

/**
 * JSON Web Tokens that can be revoked: what is stored is the ones that were, until they expire, and for each subject
 * whose tokens were all revoked, since when. Both are read in the transaction of the handler.
 *
 * @throws RangeError where the leeway is negative
 * @example
 * const verify = joseVerifier({ keys: secret, algorithms: ["HS256"], issuer: "https://shop", audience: "api" });
 * const guard = createGuard({ pool, tokens: jwtTokens({ verify }) });
 */
export function jwtTokens({ verify, schema = "guard", ...options }: JwtTokenOptions): JwtTokens {
  const { leewaySeconds = verify.leewaySeconds ?? 0 } = options;
  if (!(leewaySeconds >= 0)) throw new RangeError("a leeway is not negative");
  const sql = jwtSql(schema);
  return {
    migration: sql.migration,

    async present(token) {
      const verified = await verify(token);
      return verified && presentedToken(verified, sql, leewaySeconds);
    },

    subjects: {
      keys: (subject) => ({ text: sql.subjectKeys, values: [subject] }),
      async revokeAll(tx, subject) {
        await tx.query(sql.newEpoch, [subject]);
      },
    },

    async epoch(tx, subject) {
      return Number((await tx.query(sql.epoch, [subject])).rows[0].epoch);
    },

    async prune(tx) {
      await tx.query(sql.prune);
    },
  };
}

function presentedToken(verified: VerifiedToken, sql: JwtSql, leewaySeconds: number): PresentedToken {
  const { subject, scopes = [], issuedAt } = verified;
  const identity = jwtIdentity(verified);
  const acceptedUntil = moved(verified.expiresAt, leewaySeconds);
  const from = verified.notBefore ? moved(verified.notBefore, -leewaySeconds) : null;
  const epoch = verified.epoch ?? epochOf(issuedAt, leewaySeconds);
  const validity = [identity, acceptedUntil, from, subject, epoch];
  return {
    keys: { text: sql.keys, values: [subject, lockKey(identity)] },
    async find(tx) {
      const [row] = (await tx.query(sql.find, validity)).rows;
      return (
        row && { subject, scopes, issuedAt, expiresAt: verified.expiresAt, remainingMs: row.remaining_ms }
      );
    },
    async revoke(tx) {
      return (await tx.query(sql.revoke, validity)).rowCount === 1;
    },
  };
}

/** An epoch is the database's own number; `iat` is another clock's. In doubt the token is the older one. */
function epochOf(issuedAt: Date | undefined, leewaySeconds: number): number {
  return issuedAt ? Math.floor(issuedAt.getTime() - leewaySeconds * 1000) - 1 : Number.NEGATIVE_INFINITY;
}

function moved(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}

/**
 * By issuer and `jti`, not by the text: base64url leaves bits over, in which two texts of one token may
 * differ, and each would have a lock of its own.
 */
function jwtIdentity({ issuer, id }: VerifiedToken): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([issuer, id]))
    .digest();
}
