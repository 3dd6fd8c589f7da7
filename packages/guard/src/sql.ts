/** The statements on the table of tokens, for one schema. */
export interface TokenSql {
  readonly migration: string;
  readonly insert: string;
  readonly find: string;
  readonly revoke: string;
  readonly live: string;
  readonly revokeSubject: string;
}

/**
 * The clock is `clock_timestamp()` throughout: `now()` stands still at the start of the transaction,
 * which may lie seconds before the moment that the lock was granted.
 */
export function tokenSql(schema: string): TokenSql {
  const table = `${quoted(schema)}.access_tokens`;
  const valid = "revoked_at IS NULL AND expires_at > clock_timestamp()";
  return {
    migration: `
CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${table} (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  subject      text NOT NULL,
  session      uuid,
  issued_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz
);
CREATE INDEX IF NOT EXISTS access_tokens_subject ON ${table} (subject);
CREATE INDEX IF NOT EXISTS access_tokens_session ON ${table} (session);
`,
    insert: `
INSERT INTO ${table} (token_sha256, subject, expires_at, session)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3), $4)
RETURNING expires_at`,
    find: `
SELECT subject, expires_at, ${remainingMs("expires_at")} FROM ${table} WHERE token_sha256 = $1 AND ${valid}`,
    revoke: `
UPDATE ${table} SET revoked_at = clock_timestamp() WHERE token_sha256 = $1 AND ${valid}`,
    live: `
SELECT token_sha256 FROM ${table} WHERE subject = $1 AND ${valid}`,
    revokeSubject: `
UPDATE ${table} SET revoked_at = clock_timestamp() WHERE subject = $1 AND revoked_at IS NULL`,
  };
}

/** A name as PostgreSQL reads it, whatever it is made of. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function remainingMs(expiry: string): string {
  return `(extract(epoch FROM ${expiry} - clock_timestamp()) * 1000)::float8 AS remaining_ms`;
}

/** Granted side by side; a waiting revocation goes before those that come after it. */
export const LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared($1::bigint)";
export const LOCK_EXCLUSIVE = "SELECT pg_advisory_xact_lock($1::bigint)";
export const SESSION_LOCK_SHARED = "SELECT pg_advisory_lock_shared($1::bigint)";
export const SESSION_UNLOCK_SHARED = "SELECT pg_advisory_unlock_shared($1::bigint) AS unlocked";
