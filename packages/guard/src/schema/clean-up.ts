import type { Queryable } from "../postgres.ts";
import { quoted } from "../sql.ts";

export interface CleanUpOptions {
  /** Default: `guard`. */
  readonly schema?: string;
  /** Rows of each table that are deleted in one call. Default: 1,000. */
  readonly batch?: number;
  /** How long what has expired is kept, for whoever looks into an incident. Default: 86,400. */
  readonly keepSeconds?: number;
}

/** Deleted rows by table; only the tables that there are. */
export type CleanedUp = Readonly<Record<string, number>>;

const EXPIRING = ["access_tokens", "refresh_tokens", "one_time_codes", "idempotency_keys", "revoked_tokens"];

/**
 * Deletes what has expired: a batch of each table, skipping rows that are in use. A revoked token stays until it would
 * have expired, and a used refresh token too, or its reuse would go unnoticed. Sessions go with the last refresh token.
 * Call it every minute or so, and again while a table's count is the batch; of two that run at once neither waits.
 *
 * @throws RangeError where the batch is not a whole number from 1; PostgreSQL's errors
 * @example
 * await cleanUp(pool); // { access_tokens: 0, refresh_tokens: 0, … }
 */
export async function cleanUp(tx: Queryable, options: CleanUpOptions = {}): Promise<CleanedUp> {
  const { schema = "guard", batch = 1_000, keepSeconds = 86_400 } = options;
  if (!(Number.isInteger(batch) && batch >= 1)) throw new RangeError("a batch is a whole number from 1");
  const { rows } = await tx.query<{ table: string }>(TABLES, [schema]);
  const there = rows.map(({ table }) => table);
  const deleted: Record<string, number> = {};
  for (const table of EXPIRING.filter((name) => there.includes(name))) {
    deleted[table] = await count(tx, expired(`${quoted(schema)}.${table}`), [keepSeconds, batch]);
  }
  if (there.includes("sessions"))
    deleted.sessions = await count(tx, over(quoted(schema)), [keepSeconds, batch]);
  return deleted;
}

async function count(tx: Queryable, text: string, values: unknown[]): Promise<number> {
  return (await tx.query(text, values)).rowCount ?? 0;
}

const TABLES = "SELECT tablename AS table FROM pg_tables WHERE schemaname = $1";

function expired(table: string): string {
  return `
DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
  SELECT ctid FROM ${table} WHERE expires_at < clock_timestamp() - make_interval(secs => $1)
   LIMIT $2 FOR UPDATE SKIP LOCKED))`;
}

/** One that has just been opened may have no refresh token yet. */
function over(schema: string): string {
  return `
DELETE FROM ${schema}.sessions WHERE ctid = ANY (ARRAY (
  SELECT ctid FROM ${schema}.sessions
   WHERE opened_at < clock_timestamp() - make_interval(secs => $1) - interval '1 hour'
     AND NOT EXISTS (SELECT FROM ${schema}.refresh_tokens WHERE session = id)
   LIMIT $2 FOR UPDATE SKIP LOCKED))`;
}
