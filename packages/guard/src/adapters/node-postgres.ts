import { createHash } from "node:crypto";
import type { PoolClient, QueryConfig } from "pg";
import { type Connection, type Pool, type Queryable, type Result, single } from "../postgres.ts";

/** A `pg.Pool`, as far as it is used. */
export interface PgPool {
  connect(): Promise<PoolClient>;
  on?(event: "connect", listener: (client: PoolClient) => void): unknown;
}

export interface NodePostgresOptions {
  /**
   * Whether the guard's own statements are prepared once for each connection, which a proxy that pools transactions may
   * not support. Default: true.
   */
  readonly prepare?: boolean;
}

/**
 * A pool of node-postgres for the guard, whose handlers get the client as `db`, for Drizzle and the like. A `pg.Pool`
 * would do as it is; this one also outlives connections that break while a handler waits for something else, of which
 * pg tells by an event that ends the process where nobody listens.
 *
 * @throws what pg throws
 * @example
 * const pool = nodePostgres(new pg.Pool({ connectionString: url }));
 * const guard = createGuard({ pool, tokens: opaqueTokens() });
 */
export function nodePostgres(pool: PgPool, options: NodePostgresOptions = {}): Pool<PoolClient> & Queryable {
  const { prepare = true } = options;
  /** The guard's own texts are a handful, and come with every request. */
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    // One name for one text, whichever guard of the process has it.
    const name = names.get(text) ?? `guard_${createHash("sha1").update(text).digest("base64url")}`;
    names.set(text, name);
    return name;
  };
  // Before `connect` answers: what a server says at once after it has let one in is read together with that, while
  // pg-pool listens no more and who waits for the connection does not yet.
  pool.on?.("connect", (client) => client.on("error", heard));
  async function connect(): Promise<Connection<PoolClient>> {
    const client = await pool.connect();
    client.on("error", heard);
    // Not as an object with a text: pg copies those, property by property.
    const query = <Row>(text: string | QueryConfig, values?: unknown[]) =>
      client.query(text, values) as Promise<Result<never>> as Promise<Result<Row>>;
    return {
      db: client,
      pipelines: (client as { pipeline?: boolean }).pipeline === true,
      query,
      prepared: (text, values = []) =>
        prepare ? query({ name: nameOf(text), text, values }) : query(text, values),
      release(destroy) {
        // One that is closed may have something to say until it is.
        if (!destroy) client.off("error", heard);
        client.release(destroy);
      },
    };
  }
  return { connect, ...single({ connect }) };
}

/** The statement that is under way, or the next one, rejects with it. */
function heard(): void {}
