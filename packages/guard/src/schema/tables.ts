import type { ColumnType, Generated } from "kysely";

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type MaybeTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type WithDefault<T> = Generated<T>;

interface AccessTokens {
  token_sha256: Buffer;
  subject: string;
  scope: WithDefault<string>;
  session: string | null;
  issued_at: WithDefault<Date>;
  expires_at: Timestamp;
  revoked_at: MaybeTimestamp;
  last_used_at: MaybeTimestamp;
}

interface SessionRows {
  id: WithDefault<string>;
  subject: string;
  scope: WithDefault<string>;
  opened_at: WithDefault<Date>;
  revoked_at: MaybeTimestamp;
}

interface RefreshTokens {
  token_sha256: Buffer;
  session: string;
  expires_at: Timestamp;
  used_at: MaybeTimestamp;
  successor: Buffer | null;
  answer: Buffer | null;
}

interface OneTimeCodeRows {
  id: string;
  code_sha256: Buffer;
  subject: string | null;
  expires_at: Timestamp;
  attempts: WithDefault<number>;
  used_at: MaybeTimestamp;
}

interface IdempotencyKeyRows {
  subject: string;
  key: string;
  fingerprint: Buffer;
  answer: unknown;
  expires_at: Timestamp;
}

interface RevokedTokens {
  token_sha256: Buffer;
  expires_at: Timestamp;
}

interface SubjectEpochs {
  subject: string;
  epoch: ColumnType<string, string | number, string | number>;
}

/** The tables of the schema `guard` for a Kysely, to be looked at and joined with: `new Kysely<Own & GuardTables>`. */
export interface GuardTables {
  "guard.access_tokens": AccessTokens;
  "guard.sessions": SessionRows;
  "guard.refresh_tokens": RefreshTokens;
  "guard.one_time_codes": OneTimeCodeRows;
  "guard.idempotency_keys": IdempotencyKeyRows;
  "guard.revoked_tokens": RevokedTokens;
  "guard.subject_epochs": SubjectEpochs;
}
