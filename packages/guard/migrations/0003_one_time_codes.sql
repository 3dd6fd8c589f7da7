CREATE SCHEMA IF NOT EXISTS "guard";
CREATE TABLE IF NOT EXISTS "guard".one_time_codes (
  id          uuid PRIMARY KEY,
  code_sha256 bytea NOT NULL,
  subject     text,
  expires_at  timestamptz NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  used_at     timestamptz
);
CREATE INDEX IF NOT EXISTS one_time_codes_expires_at ON "guard".one_time_codes (expires_at);
