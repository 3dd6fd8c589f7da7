CREATE SCHEMA IF NOT EXISTS "guard";
CREATE TABLE IF NOT EXISTS "guard".revoked_tokens (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  expires_at   timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS revoked_tokens_expires_at ON "guard".revoked_tokens (expires_at);
CREATE TABLE IF NOT EXISTS "guard".subject_epochs (
  subject text PRIMARY KEY,
  epoch   bigint NOT NULL
);
