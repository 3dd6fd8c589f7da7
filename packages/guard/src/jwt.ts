import { createHash } from "node:crypto";
import type { Queryable } from "./postgres.ts";
import { quoted, remainingMs } from "./sql.ts";
import type { TokenStore } from "./tokens.ts";

/** What has been verified of a JSON Web Token: its signature above all. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  /** The claim `jti`. */
  readonly id: string;
  readonly expiresAt: Date;
}

export interface JwtTokenOptions {
  /**
   * Verifies with a library of your choice: algorithms pinned and not taken from the token, `iss`, `aud`,
   * `nbf` and `exp` (RFC 8725 §3). Undefined where the token is no good.
   */
  verify(token: string): Promise<VerifiedToken | undefined>;
  /** The PostgreSQL schema that the table `revoked_tokens` lives in. Default: `guard`. */
  readonly schema?: string;
}

export interface JwtTokens extends TokenStore {
  /** SQL that makes the table; running it again does nothing. */
  readonly migration: string;
  /** Forgets revoked tokens that would have expired by now. To be called now and then. */
  prune(tx: Queryable): Promise<void>;
}

/** JSON Web Tokens that can be revoked: what is stored is the ones that were, until they expire. */
export function jwtTokens({ verify, schema = "guard" }: JwtTokenOptions): JwtTokens {
  const sql = revocationSql(`${quoted(schema)}.revoked_tokens`, schema);
  return {
    migration: sql.migration,

    async present(token) {
      const verified = await verify(token);
      if (!verified) return undefined;
      const { subject, expiresAt } = verified;
      const identity = jwtIdentity(verified);
      return {
        identity,
        async find(tx) {
          const [row] = (await tx.query(sql.find, [identity, expiresAt])).rows;
          return row && { subject, expiresAt, remainingMs: row.remaining_ms };
        },
        async revoke(tx) {
          return (await tx.query(sql.revoke, [identity, expiresAt])).rowCount === 1;
        },
      };
    },

    async prune(tx) {
      await tx.query(sql.prune);
    },
  };
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

function revocationSql(table: string, schema: string) {
  return {
    migration: `
CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${table} (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  expires_at   timestamptz NOT NULL
);
`,
    find: `
SELECT ${remainingMs("$2::timestamptz")}
 WHERE $2::timestamptz > clock_timestamp() AND NOT EXISTS (SELECT FROM ${table} WHERE token_sha256 = $1)`,
    revoke: `
INSERT INTO ${table} (token_sha256, expires_at) SELECT $1, $2::timestamptz WHERE $2::timestamptz > clock_timestamp()
    ON CONFLICT DO NOTHING`,
    prune: `DELETE FROM ${table} WHERE expires_at < clock_timestamp()`,
  };
}
