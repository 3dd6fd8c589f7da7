import type { Queryable } from "./postgres.ts";
import { tokenSql } from "./sql.ts";
import { opaqueToken, tokenHash } from "./token.ts";

/** Who a valid token speaks for. */
export interface Principal {
  readonly subject: string;
  readonly expiresAt: Date;
}

/** What the guard asks of a store of tokens. Each is one statement on the connection it is given. */
export interface TokenStore {
  find(tx: Queryable, hash: Buffer): Promise<Principal | undefined>;
  /** True where this call, and no other, revoked a token that was valid. */
  revoke(tx: Queryable, hash: Buffer): Promise<boolean>;
  /** For a store that knows all tokens of a subject, as `revokeAll` needs it. */
  readonly subjects?: SubjectTokens;
}

export interface SubjectTokens {
  /** The hashes of the subject's valid tokens. */
  live(tx: Queryable, subject: string): Promise<Buffer[]>;
  revokeAll(tx: Queryable, subject: string): Promise<void>;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface OpaqueTokens extends TokenStore {
  /** SQL that makes the table; running it again does nothing. */
  readonly migration: string;
  issue(tx: Queryable, grant: { subject: string; lifetimeSeconds: number }): Promise<IssuedToken>;
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
  return {
    migration: sql.migration,

    async issue(tx, { subject, lifetimeSeconds }) {
      const token = opaqueToken(prefix);
      const { rows } = await tx.query(sql.insert, [tokenHash(token), subject, lifetimeSeconds]);
      return { token, expiresAt: rows[0].expires_at };
    },

    async find(tx, hash) {
      const { rows } = await tx.query(sql.find, [hash]);
      return rows[0] && { subject: rows[0].subject, expiresAt: rows[0].expires_at };
    },

    async revoke(tx, hash) {
      const { rowCount } = await tx.query(sql.revoke, [hash]);
      return rowCount === 1;
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
