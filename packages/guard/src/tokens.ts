import type { Queryable } from "./postgres.ts";
import { tokenSql } from "./sql.ts";
import { opaqueToken, tokenHash } from "./token.ts";

/** Who a valid token speaks for. */
export interface Principal {
  readonly subject: string;
  readonly expiresAt: Date;
  /** What was left of the token's life when it was read, in milliseconds of the database's clock. */
  readonly remainingMs: number;
}

/** A token that somebody has presented, as its store sees it. Each method is one statement. */
export interface PresentedToken {
  /** 32 bytes that the token is locked by: the same for every spelling of it that the store accepts. */
  readonly identity: Buffer;
  /** Undefined where the token is not valid at this moment. */
  find(tx: Queryable): Promise<Principal | undefined>;
  /** True where this call, and no other, revoked a token that was valid. */
  revoke(tx: Queryable): Promise<boolean>;
}

/** What the guard asks of a store of tokens. */
export interface TokenStore {
  /** Undefined for what cannot be a token of this store, whatever the database says. */
  present(token: string): PresentedToken | undefined | Promise<PresentedToken | undefined>;
  /** For a store that knows all tokens of a subject, as `revokeAll` needs it. */
  readonly subjects?: SubjectTokens;
}

export interface SubjectTokens {
  /** The identities of the subject's valid tokens. */
  live(tx: Queryable, subject: string): Promise<Buffer[]>;
  revokeAll(tx: Queryable, subject: string): Promise<void>;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Grant {
  readonly subject: string;
  readonly lifetimeSeconds: number;
  /** The session that it belongs to, where there are sessions (`createSessions`). */
  readonly session?: string;
}

export interface OpaqueTokens extends TokenStore {
  readonly subjects: SubjectTokens;
  /** SQL that makes the table; running it again does nothing. */
  readonly migration: string;
  issue(tx: Queryable, grant: Grant): Promise<IssuedToken>;
  find(tx: Queryable, hash: Buffer): Promise<Principal | undefined>;
  revoke(tx: Queryable, hash: Buffer): Promise<boolean>;
}

export interface OpaqueTokenOptions {
  /** The PostgreSQL schema that the table `access_tokens` lives in. Default: `guard`. */
  readonly schema?: string;
  /** What tokens begin with. Default: `at`. */
  readonly prefix?: string;
}

/** Opaque bearer tokens, of which the database holds the SHA-256 only. */
export function opaqueTokens(options: OpaqueTokenOptions = {}): OpaqueTokens {
  const { schema = "guard", prefix = "at" } = options;
  const sql = tokenSql(schema);

  async function find(tx: Queryable, hash: Buffer): Promise<Principal | undefined> {
    const [row] = (await tx.query(sql.find, [hash])).rows;
    return row && { subject: row.subject, expiresAt: row.expires_at, remainingMs: row.remaining_ms };
  }

  async function revoke(tx: Queryable, hash: Buffer): Promise<boolean> {
    return (await tx.query(sql.revoke, [hash])).rowCount === 1;
  }

  return {
    migration: sql.migration,
    find,
    revoke,

    async issue(tx, { subject, lifetimeSeconds, session }) {
      const token = opaqueToken(prefix);
      const values = [tokenHash(token), subject, lifetimeSeconds, session ?? null];
      const { rows } = await tx.query(sql.insert, values);
      return { token, expiresAt: rows[0].expires_at };
    },

    present(token) {
      const identity = tokenHash(token);
      return { identity, find: (tx) => find(tx, identity), revoke: (tx) => revoke(tx, identity) };
    },

    subjects: {
      async live(tx, subject) {
        const { rows } = await tx.query(sql.live, [subject]);
        return rows.map((row) => row.token_sha256);
      },
      async revokeAll(tx, subject) {
        await tx.query(sql.revokeSubject, [subject]);
      },
    },
  };
}
