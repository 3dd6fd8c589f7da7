import type { Client } from "pg";
import { DeadheatError } from "../../errors.ts";
import type { Upstream } from "../proxy/address.ts";

/** Why a session waits: the sessions that it waits for, and the lock. */
export interface LockWait {
  readonly pid: number;
  readonly blockers: readonly number[];
  /** `transactionid ShareLock`, `tuple profiles ExclusiveLock`. */
  readonly lock: string;
}

/** How tables hang together beyond the text of a statement. */
export interface TableLinks {
  readonly name: string;
  /** What else a change of it may read, lock or change: by foreign keys. */
  readonly reaches: readonly string[];
  /** It has triggers, rules or row security, or is no plain table: what it touches is not known. */
  readonly opaque: boolean;
  /** It has rules, or triggers that run statements: what changes it does more than its text says. */
  readonly triggers: boolean;
}

/** What of a database makes statements do more than their texts say. */
export interface Catalogue {
  readonly links: readonly TableLinks[];
  /** Functions that run statements of their own, by name without schema. */
  readonly functions: readonly string[] | "unknown";
}

const CONNECT_MS = 10_000;
/**
 * What is written in C (pgcrypto, uuid-ossp) computes, and so does what names no statement (NEW.changed_at := now()).
 * Of a function whose body is kept parsed, the source is empty.
 */
const RUNS_STATEMENTS = String.raw`(l.lanname NOT IN ('c', 'internal', 'sql', 'plpgsql') OR
  l.lanname IN ('sql', 'plpgsql') AND (p.prosrc = '' OR
    p.prosrc ~* '\y(from|insert|update|delete|merge|perform|execute|call|copy|lock|select)\y'))`;

/** Reads, never writes: who waits for whom, and how tables hang together. Its own connection, not the API's. */
export class SideConnection {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Throws DeadheatError where it cannot be had. */
  static async open(upstream: Upstream, inDatabase = upstream.database): Promise<SideConnection> {
    const { default: pg } = await import("pg");
    const { user, password, port, tls } = upstream;
    const client = new pg.Client({
      host: upstream.host,
      port,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(inDatabase === undefined ? {} : { database: inDatabase }),
      ...(tls === "off" ? {} : { ssl: { rejectUnauthorized: tls === "verified" } }),
      application_name: "deadheat",
      connectionTimeoutMillis: CONNECT_MS,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("SET default_transaction_read_only = on");
    } catch (cause) {
      await client.end().catch(() => {});
      const { message } = cause as Error;
      throw new DeadheatError(
        "database-unreachable",
        `the database cannot be asked who waits for whom: ${message}`,
        "Put a user and a password of the API's into --database; PGPASSWORD is read, too.",
        cause,
      );
    }
    return new SideConnection(client);
  }

  /** All sessions that wait for a lock at this moment (pg_blocking_pids; PostgreSQL documentation, 9.27). */
  async lockWaits(): Promise<LockWait[]> {
    const { rows } = await this.#client.query<LockWait>({
      name: "waits",
      text: `SELECT w.pid, w.blockers, coalesce(
               (SELECT concat_ws(' ', l.locktype, l.relation::regclass::text, l.mode)
                  FROM pg_locks l WHERE l.pid = w.pid AND NOT l.granted LIMIT 1), '') AS lock
             FROM (SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock') w
             WHERE cardinality(w.blockers) > 0`,
    });
    return rows;
  }

  /** The isolation level that transactions have where nobody asks for another. */
  async defaultIsolation(): Promise<string> {
    const { rows } = await this.#client.query<{ default_transaction_isolation: string }>(
      "SHOW default_transaction_isolation",
    );
    return rows[0]?.default_transaction_isolation ?? "unknown";
  }

  async catalogue(): Promise<{
    readonly links: readonly TableLinks[];
    readonly functions: readonly string[];
  }> {
    return { links: await this.#tableLinks(), functions: await this.#functions() };
  }

  async #functions(): Promise<string[]> {
    const { rows } = await this.#client.query<{ name: string }>(`
      SELECT DISTINCT p.proname AS name FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND ${RUNS_STATEMENTS}`);
    return rows.map(({ name }) => name);
  }

  /** Of the tables of every schema but PostgreSQL's own, by name without schema. */
  async #tableLinks(): Promise<TableLinks[]> {
    const { rows } = await this.#client.query<TableLinks>(`
      SELECT c.relname AS name,
             c.relkind <> 'r' OR c.relhasrules OR c.relrowsecurity OR c.relispartition OR
               EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS opaque,
             c.relhasrules OR
               EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                         JOIN pg_language l ON l.oid = p.prolang
                        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND ${RUNS_STATEMENTS}) AS triggers,
             ARRAY(SELECT DISTINCT o.relname::text FROM pg_constraint k
                     JOIN pg_class o ON o.oid IN (k.conrelid, k.confrelid)
                    WHERE k.contype = 'f' AND c.oid IN (k.conrelid, k.confrelid)) AS reaches
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`);
    return rows;
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => {});
  }
}

/** The lock that one of `waiting` waits for, where one of `holders` is at the end of the chain. */
export function waitsFor(
  waits: readonly LockWait[],
  waiting: ReadonlySet<number>,
  holders: ReadonlySet<number>,
): string | undefined {
  const blockersOf = new Map(waits.map((one) => [one.pid, one.blockers]));
  for (const { pid, lock } of waits) {
    if (!waiting.has(pid)) continue;
    const seen = new Set<number>();
    const open = [pid];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (holders.has(next)) return lock || "a lock";
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(blockersOf.get(next) ?? []));
    }
  }
  return undefined;
}
