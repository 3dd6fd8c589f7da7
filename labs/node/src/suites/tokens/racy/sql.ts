/** The statements that only the racy half has: each is harmless, what lies between them is not. */
export const SELECT_REFRESH_TOKEN = `
SELECT session, subject, used_at IS NOT NULL AS used,
       revoked_at IS NOT NULL OR expires_at <= clock_timestamp() AS over
  FROM refresh_tokens JOIN sessions ON sessions.id = session WHERE token_sha256 = $1`;

/** Marks without asking whether it was marked before. */
export const MARK_USED = "UPDATE refresh_tokens SET used_at = clock_timestamp() WHERE token_sha256 = $1";

export const INSERT_REFRESH_TOKEN = `
INSERT INTO refresh_tokens (token_sha256, session, expires_at)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))`;

export const SELECT_SESSION = "SELECT session FROM access_tokens WHERE token_sha256 = $1";
export const END_SESSION = "UPDATE sessions SET revoked_at = clock_timestamp() WHERE id = $1";
export const REVOKE_ACCESS_TOKENS = `
UPDATE access_tokens SET revoked_at = clock_timestamp() WHERE session = $1 AND revoked_at IS NULL`;

export const SELECT_CODE = `
SELECT subject, code_sha256 AS hash, attempts, used_at IS NOT NULL OR expires_at <= clock_timestamp() AS over
  FROM one_time_codes WHERE id = $1`;
export const SAVE_ATTEMPTS = "UPDATE one_time_codes SET attempts = $2 WHERE id = $1";
export const MARK_CODE_USED = "UPDATE one_time_codes SET used_at = clock_timestamp() WHERE id = $1";

export const ADD_POINTS = "UPDATE profiles SET points = points + $2 WHERE user_id = $1";
export const READ_STAMPS = "SELECT stamps FROM profiles WHERE user_id = $1";
export const SAVE_STAMPS = "UPDATE profiles SET stamps = $2 WHERE user_id = $1";
export const SAVE_ABOUT = "UPDATE profiles SET about = $2 WHERE user_id = $1";

/** The row of the token, which is of no use to whoever comes with another token of the same user. */
export const LOCK_TOKEN = `
SELECT subject FROM access_tokens
 WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp() FOR UPDATE`;

export const SELECT_ROLE = "SELECT role FROM memberships WHERE team_id = $1 AND user_id = $2";
export const ADD_BUDGET = "UPDATE teams SET budget = budget + $2 WHERE id = $1";
export const SAVE_ROLE = `
INSERT INTO memberships (team_id, user_id, role) VALUES ($1, $2, $3)
ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role`;

export const SELECT_OWNER = "SELECT owner_id::text AS owner FROM documents WHERE id = $1";
/** Of whoever owns it by now. */
export const SELECT_CONTENT = "SELECT id::text, title, content FROM documents WHERE id = $1";
export const SAVE_CONTENT = "UPDATE documents SET content = $2 WHERE id = $1";
export const SAVE_OWNER = "UPDATE documents SET owner_id = $2 WHERE id = $1";

export const SELECT_ANSWER =
  "SELECT fingerprint, answer -> 'answer' AS answer FROM idempotency_keys WHERE subject = $1 AND key = $2";
export const SAVE_ANSWER = `
INSERT INTO idempotency_keys (subject, key, fingerprint, answer, expires_at)
VALUES ($1, $2, $3, jsonb_build_object('answer', $4::jsonb), clock_timestamp() + interval '1 day')
ON CONFLICT DO NOTHING`;
