CREATE SCHEMA IF NOT EXISTS "guard";
CREATE TABLE IF NOT EXISTS "guard".idempotency_keys (
  subject     text,
  key         text,
  fingerprint bytea NOT NULL,
  answer      jsonb,
  expires_at  timestamptz NOT NULL,
  PRIMARY KEY (subject, key)
);
CREATE INDEX IF NOT EXISTS idempotency_keys_expires_at ON "guard".idempotency_keys (expires_at);
