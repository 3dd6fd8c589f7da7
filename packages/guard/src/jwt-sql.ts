import { subjectKey } from "./locks.ts";
import { quoted, remainingMs } from "./sql.ts";

/** The statements on revoked JSON Web Tokens, for one schema. */
export type JwtSql = ReturnType<typeof jwtSql>;

export function jwtSql(schema: string) {
  const [revoked, epochs] = ["revoked_tokens", "subject_epochs"].map((name) => `${quoted(schema)}.${name}`);
  const valid = `$2::timestamptz > clock_timestamp()
   AND ($3::timestamptz IS NULL OR $3::timestamptz <= clock_timestamp())
   AND NOT EXISTS (SELECT FROM ${revoked} WHERE token_sha256 = $1)
   AND NOT EXISTS (SELECT FROM ${epochs} WHERE subject = $4 AND epoch > $5::float8)`;
  return {
    migration: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${revoked} (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  expires_at   timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS revoked_tokens_expires_at ON ${revoked} (expires_at);
CREATE TABLE IF NOT EXISTS ${epochs} (
  subject text PRIMARY KEY,
  epoch   bigint NOT NULL
);
`,
    keys: `SELECT ${subjectKey("$1", schema)} AS subject_key, $2::bigint AS token_key`,
    subjectKeys: `SELECT ${subjectKey("$1", schema)} AS subject_key, NULL::bigint AS token_key`,
    find: `SELECT ${remainingMs("$2::timestamptz")} WHERE ${valid}`,
    revoke: `
INSERT INTO ${revoked} (token_sha256, expires_at) SELECT $1, $2::timestamptz WHERE ${valid}
    ON CONFLICT DO NOTHING`,
    epoch: `SELECT coalesce((SELECT epoch FROM ${epochs} WHERE subject = $1), 0) AS epoch`,
    /** The database's time in milliseconds, and always another one than before. */
    newEpoch: `
INSERT INTO ${epochs} AS known (subject, epoch)
VALUES ($1, ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
ON CONFLICT (subject) DO UPDATE SET epoch = greatest(known.epoch + 1, excluded.epoch)`,
    prune: `DELETE FROM ${revoked} WHERE expires_at < clock_timestamp()`,
  };
}
