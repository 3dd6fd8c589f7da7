import { subjectKey } from "./locks.ts";
import { quoted } from "./sql.ts";

/** The statements on sessions and their refresh tokens, for one schema. */
export type SessionSql = ReturnType<typeof sessionSql>;

export function sessionSql(schema: string) {
  const [sessions, refreshTokens, accessTokens] = ["sessions", "refresh_tokens", "access_tokens"].map(
    (table) => `${quoted(schema)}.${table}`,
  );
  return {
    migration: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
CREATE TABLE IF NOT EXISTS ${sessions} (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  subject    text NOT NULL,
  scope      text NOT NULL DEFAULT '',
  opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz
);
CREATE INDEX IF NOT EXISTS sessions_subject ON ${sessions} (subject);
CREATE TABLE IF NOT EXISTS ${refreshTokens} (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  session      uuid NOT NULL REFERENCES ${sessions} (id) ON DELETE CASCADE,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  successor    bytea,
  answer       bytea
);
CREATE INDEX IF NOT EXISTS refresh_tokens_session ON ${refreshTokens} (session);
CREATE INDEX IF NOT EXISTS refresh_tokens_expires_at ON ${refreshTokens} (expires_at);
`,
    open: `INSERT INTO ${sessions} (subject, scope) VALUES ($1, $2) RETURNING id`,
    insertRefreshToken: `
INSERT INTO ${refreshTokens} (token_sha256, session, expires_at)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))`,
    keysByRefreshToken: `
SELECT ${subjectKey("subject", schema)} AS subject_key, NULL::bigint AS token_key
  FROM ${sessions} JOIN ${refreshTokens} ON session = id WHERE token_sha256 = $1`,
    keysByAccessToken: `
SELECT ${subjectKey("subject", schema)} AS subject_key, NULL::bigint AS token_key
  FROM ${accessTokens} WHERE token_sha256 = $1`,
    /** Whoever has the row is alone with the session: no token is added to it, and it is not ended. */
    lockByRefreshToken: `
SELECT id, subject, scope FROM ${sessions} JOIN ${refreshTokens} ON session = id
 WHERE token_sha256 = $1 AND revoked_at IS NULL FOR UPDATE OF sessions`,
    lockByAccessToken: `
SELECT id FROM ${sessions} JOIN ${accessTokens} ON session = id
 WHERE token_sha256 = $1 AND sessions.revoked_at IS NULL FOR UPDATE OF sessions`,
    use: `
UPDATE ${refreshTokens} SET used_at = clock_timestamp(), successor = $2
 WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > clock_timestamp()
RETURNING session`,
    keepAnswer: `UPDATE ${refreshTokens} SET answer = $2 WHERE token_sha256 = $1`,
    /** The answer, as long as it may be given again: its own refresh token has not been seen yet. */
    used: `
SELECT CASE WHEN old.used_at > clock_timestamp() - make_interval(secs => $2) AND next.used_at IS NULL THEN old.answer END
       AS answer
  FROM ${refreshTokens} AS old LEFT JOIN ${refreshTokens} AS next ON next.token_sha256 = old.successor
 WHERE old.token_sha256 = $1 AND old.used_at IS NOT NULL`,
    end: `UPDATE ${sessions} SET revoked_at = clock_timestamp() WHERE id = $1`,
    endAll: `UPDATE ${sessions} SET revoked_at = clock_timestamp() WHERE subject = $1 AND revoked_at IS NULL`,
    liveAccessTokens: `
SELECT token_sha256 FROM ${accessTokens}
 WHERE session = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()`,
    /** All in one order, or two could wait for each other. */
    lockAccessTokens: `
SELECT pg_advisory_xact_lock(key) FROM (SELECT key FROM unnest($1::bigint[]) AS key ORDER BY key) AS keys`,
    revokeAccessTokens: `
UPDATE ${accessTokens} SET revoked_at = clock_timestamp() WHERE session = $1 AND revoked_at IS NULL`,
  };
}
