import type { Queryable } from "./postgres.ts";
import { tokenSql } from "./sql.ts";
import type { Principal, SubjectTokens, TokenStore } from "./store.ts";
import { isOpaqueToken, lockKey, opaqueToken, tokenHash } from "./token.ts";

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Grant {
  readonly subject: string;
  readonly lifetimeSeconds: number;
  /** Default: none. */
  readonly scopes?: readonly string[];
  /** The session that it belongs to, where there are sessions (`createSessions`). */
  readonly session?: string;
}

export interface OpaqueTokens extends TokenStore {
  readonly subjects: SubjectTokens;
  /** SQL that makes the table; running it again does nothing. */
  readonly migration: string;
  /**
   * Only its SHA-256 is stored: the answer is the one place where the token is ever seen.
   *
   * @throws TypeError where a scope is not one of RFC 6749 §3.3; PostgreSQL's errors
   */
  issue(tx: Queryable, grant: Grant): Promise<IssuedToken>;
  /** By its SHA-256. Undefined where it is not valid at this moment: without the guard's lock that may end at once. */
  find(tx: Queryable, hash: Buffer): Promise<Principal | undefined>;
  /** By its SHA-256, without waiting for what is in flight. True where this call revoked it. */
  revoke(tx: Queryable, hash: Buffer): Promise<boolean>;
}

export interface OpaqueTokenOptions {
  /** The PostgreSQL schema that the table `access_tokens` lives in. Default: `guard`. */
  readonly schema?: string;
  /** What tokens begin with; another one for each environment tells theirs apart. Default: `at`. */
  readonly prefix?: string;
  /**
   * Seconds within which a token's use is noted once at most in `last_used_at`, after the transaction that it was used
   * in. Default: it is not noted.
   */
  readonly noteUseEverySeconds?: number;
}

/** RFC 6749 §3.3. */
const SCOPE = /^[!#-[\]-~]+$/;

/**
 * Opaque bearer tokens, of which the database holds the SHA-256 only.
 *
 * @throws TypeError where the prefix is not 1 to 16 letters and digits
 * @example
 * const tokens = opaqueTokens({ prefix: "shop" });
 * await pool.query(tokens.migration);
 * await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 600 }); // { token: "shop_…", expiresAt }
 */
export function opaqueTokens(options: OpaqueTokenOptions = {}): OpaqueTokens {
  const { schema = "guard", prefix = "at", noteUseEverySeconds } = options;
  opaqueToken(prefix);
  const sql = tokenSql(schema);

  async function find(tx: Queryable, hash: Buffer) {
    const [row] = (await tx.query(sql.find, [hash])).rows;
    if (!row) return undefined;
    const { subject, scope, issued_at: issuedAt, expires_at: expiresAt, remaining_ms: remainingMs } = row;
    const usedAt: Date | null = row.last_used_at;
    return { subject, scopes: scope.split(" ").filter(Boolean), issuedAt, expiresAt, remainingMs, usedAt };
  }

  async function revoke(tx: Queryable, hash: Buffer): Promise<boolean> {
    return (await tx.query(sql.revoke, [hash])).rowCount === 1;
  }

  return {
    migration: sql.migration,
    async find(tx, hash) {
      return principal(await find(tx, hash));
    },
    revoke,

    async issue(tx, { subject, lifetimeSeconds, session, scopes = [] }) {
      if (!scopes.every((scope) => SCOPE.test(scope)))
        throw new TypeError('a scope is visible characters but " and \\');
      const token = opaqueToken(prefix);
      const values = [tokenHash(token), subject, lifetimeSeconds, session ?? null, scopes.join(" ")];
      const { rows } = await tx.query(sql.insert, values);
      return { token, expiresAt: rows[0].expires_at };
    },

    present(token) {
      if (!isOpaqueToken(token, prefix)) return undefined;
      const hash = tokenHash(token);
      let usedAt: Date | null = null;
      return {
        keys: { text: sql.keys, values: [hash, lockKey(hash)] },
        async find(tx) {
          const found = await find(tx, hash);
          usedAt = found?.usedAt ?? null;
          return principal(found);
        },
        revoke: (tx) => revoke(tx, hash),
        async used(tx) {
          if (noteUseEverySeconds === undefined) return;
          // By this process's clock, and not exactly: the statement looks at the database's.
          if (usedAt !== null && Date.now() - usedAt.getTime() < noteUseEverySeconds * 1000) return;
          await tx.query(sql.used, [hash, noteUseEverySeconds]);
        },
      };
    },

    subjects: {
      keys: (subject) => ({ text: sql.subjectKeys, values: [subject] }),
      async revokeAll(tx, subject) {
        await tx.query(sql.revokeSubject, [subject]);
      },
    },
  };
}

function principal(found: (Principal & { usedAt: Date | null }) | undefined): Principal | undefined {
  if (!found) return undefined;
  const { usedAt: _usedAt, ...rest } = found;
  return rest;
}
