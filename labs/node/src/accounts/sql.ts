/** One statement, hence one transaction: there is no user without a profile. */
export const INSERT_USER = `
WITH created AS (
  INSERT INTO users (username, password_salt, password_hash) VALUES ($1, $2, $3)
  ON CONFLICT (username) DO NOTHING
  RETURNING id
), profile AS (
  INSERT INTO profiles (user_id) SELECT id FROM created
)
SELECT id::text FROM created`;

export const SELECT_USER = `
SELECT id::text, password_salt AS salt, password_hash AS hash FROM users WHERE username = $1`;

/** Keeps the user from being deleted until the transaction ends, and nothing else. */
export const KEEP_USER = "SELECT FROM users WHERE id = $1 FOR KEY SHARE";

/** The profile and everything else that refers to the user goes with it. */
export const DELETE_USER = "DELETE FROM users WHERE id = $1";

export const DELETE_TOKENS = "DELETE FROM access_tokens WHERE subject = $1";

export const SELECT_PROFILE = `
SELECT username, score, balance FROM profiles JOIN users ON users.id = user_id WHERE user_id = $1`;
