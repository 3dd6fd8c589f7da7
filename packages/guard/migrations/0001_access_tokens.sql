CREATE SCHEMA IF NOT EXISTS "guard";
CREATE TABLE IF NOT EXISTS "guard".access_tokens (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  subject      text NOT NULL,
  scope        text NOT NULL DEFAULT '',
  session      uuid,
  issued_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX IF NOT EXISTS access_tokens_subject ON "guard".access_tokens (subject);
CREATE INDEX IF NOT EXISTS access_tokens_session ON "guard".access_tokens (session);
CREATE INDEX IF NOT EXISTS access_tokens_expires_at ON "guard".access_tokens (expires_at);
