import { quoted } from "./sql.ts";

/** The statements on one-time codes, for one schema. */
export function codeSql(schema: string) {
  const codes = `${quoted(schema)}.one_time_codes`;
  return {
    migration: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${codes} (
  id          uuid PRIMARY KEY,
  code_sha256 bytea NOT NULL,
  subject     text,
  expires_at  timestamptz NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  used_at     timestamptz
);
CREATE INDEX IF NOT EXISTS one_time_codes_expires_at ON ${codes} (expires_at);
`,
    insert: `
INSERT INTO ${codes} (id, code_sha256, subject, expires_at)
VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
RETURNING expires_at`,
    /** Counts the attempt, compares and spends: of two that come at once, the second one finds it spent. */
    redeem: `
UPDATE ${codes}
   SET attempts = attempts + 1,
       used_at = CASE WHEN code_sha256 = $2 AND subject IS NOT NULL THEN clock_timestamp() END
 WHERE id = $1 AND used_at IS NULL AND attempts < $3 AND expires_at > clock_timestamp()
RETURNING CASE WHEN used_at IS NOT NULL THEN subject END AS subject`,
  };
}
