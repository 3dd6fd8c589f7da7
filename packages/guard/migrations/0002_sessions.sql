CREATE SCHEMA IF NOT EXISTS "guard";
CREATE TABLE IF NOT EXISTS "guard".sessions (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  subject    text NOT NULL,
  scope      text NOT NULL DEFAULT '',
  opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz
);
CREATE INDEX IF NOT EXISTS sessions_subject ON "guard".sessions (subject);
CREATE TABLE IF NOT EXISTS "guard".refresh_tokens (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  session      uuid NOT NULL REFERENCES "guard".sessions (id) ON DELETE CASCADE,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  successor    bytea,
  answer       bytea
);
CREATE INDEX IF NOT EXISTS refresh_tokens_session ON "guard".refresh_tokens (session);
CREATE INDEX IF NOT EXISTS refresh_tokens_expires_at ON "guard".refresh_tokens (expires_at);
