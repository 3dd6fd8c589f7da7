import { quoted } from "./sql.ts";

/** The statements on idempotency keys, for one schema. */
export function idempotencySql(schema: string) {
  const table = `${quoted(schema)}.idempotency_keys`;
  return {
    migration: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${table} (
  subject     text,
  key         text,
  fingerprint bytea NOT NULL,
  answer      jsonb,
  expires_at  timestamptz NOT NULL,
  PRIMARY KEY (subject, key)
);
CREATE INDEX IF NOT EXISTS idempotency_keys_expires_at ON ${table} (expires_at);
`,
    /** False where another transaction has it, instead of waiting for that one. */
    tryLock: "SELECT pg_try_advisory_xact_lock($1::bigint) AS granted",
    claim: `
INSERT INTO ${table} AS known (subject, key, fingerprint, expires_at)
VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
ON CONFLICT (subject, key) DO UPDATE SET fingerprint = $3, answer = NULL, expires_at = excluded.expires_at
      WHERE known.expires_at <= clock_timestamp()`,
    known: `SELECT fingerprint, answer FROM ${table} WHERE subject = $1 AND key = $2`,
    keep: `UPDATE ${table} SET answer = $3::text::jsonb WHERE subject = $1 AND key = $2`,
  };
}
