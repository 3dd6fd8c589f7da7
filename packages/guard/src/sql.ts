import { subjectKey } from "./locks.ts";

/**
 * The statements on the table of tokens, for one schema. The clock is `clock_timestamp()` throughout: `now()` stands
 * still at the start of the transaction, which may lie seconds before the moment that the lock was granted.
 */
export function tokenSql(schema: string) {
  const table = `${quoted(schema)}.access_tokens`;
  const valid = "revoked_at IS NULL AND expires_at > clock_timestamp()";
  return {
    migration: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${table} (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  subject      text NOT NULL,
  scope        text NOT NULL DEFAULT '',
  session      uuid,
  issued_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX IF NOT EXISTS access_tokens_subject ON ${table} (subject);
CREATE INDEX IF NOT EXISTS access_tokens_session ON ${table} (session);
CREATE INDEX IF NOT EXISTS access_tokens_expires_at ON ${table} (expires_at);
`,
    insert: `
INSERT INTO ${table} (token_sha256, subject, expires_at, session, scope)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3), $4, $5)
RETURNING expires_at`,
    /** Whose it is never changes, so that it can be read before the lock is there. */
    keys: `
SELECT ${subjectKey("subject", schema)} AS subject_key, $2::bigint AS token_key FROM ${table} WHERE token_sha256 = $1`,
    subjectKeys: `SELECT ${subjectKey("$1", schema)} AS subject_key, NULL::bigint AS token_key`,
    find: `
SELECT subject, scope, issued_at, expires_at, last_used_at, ${remainingMs("expires_at")}
  FROM ${table} WHERE token_sha256 = $1 AND ${valid}`,
    revoke: `
UPDATE ${table} SET revoked_at = clock_timestamp() WHERE token_sha256 = $1 AND ${valid}`,
    revokeSubject: `
UPDATE ${table} SET revoked_at = clock_timestamp() WHERE subject = $1 AND revoked_at IS NULL`,
    /** Of many that come at once, one writes, and the others do not wait for it. */
    used: `
UPDATE ${table} SET last_used_at = clock_timestamp() WHERE token_sha256 = (
  SELECT token_sha256 FROM ${table}
   WHERE token_sha256 = $1 AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - make_interval(secs => $2))
     FOR NO KEY UPDATE SKIP LOCKED)`,
  };
}

/** A name as PostgreSQL reads it, whatever it is made of. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function remainingMs(expiry: string): string {
  return `(extract(epoch FROM ${expiry} - clock_timestamp()) * 1000)::float8 AS remaining_ms`;
}
