import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Pool, Queryable } from "@deadheat/guard";
import pg from "pg";

/** A pool of connections, from which single statements can be run as well. */
export interface Database extends Pool, Queryable {
  /** Ends all connections; returns once they are closed or `limit` milliseconds have passed. */
  close(limit: number): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly schema: string;
  readonly connections: number;
  /** Milliseconds that each statement takes longer, as over a network. */
  readonly latency: number;
}

/** Opens all connections at once: one that is opened in the middle of a burst would spread it. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    idleTimeoutMillis: 0,
    options: `-c search_path=${options.schema}`,
  });
  // A connection that breaks while idle is replaced; when the server stops, all of them break.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const connect = async () => delayed(await pool.connect(), options.latency);
  const all = await Promise.allSettled(Array.from({ length: options.connections }, () => pool.connect()));
  // Those that were made have to come back first: the end waits for every one that is out.
  for (const one of all) if (one.status === "fulfilled") one.value.release();
  const refused = all.find((one) => one.status === "rejected");
  if (refused) {
    await pool.end();
    throw refused.reason;
  }
  return {
    connect,
    async query(text, values) {
      const connection = await connect();
      try {
        return await connection.query(text, values);
      } finally {
        connection.release();
      }
    },
    async close(limit) {
      await Promise.race([pool.end(), sleep(limit, undefined, { ref: false })]);
    },
  };
}

function delayed(client: pg.PoolClient, latency: number): Connection<Queryable> {
  return {
    async query<Row>(text: string, values?: unknown[]) {
      if (latency > 0) await sleep(latency);
      const { rows, rowCount, command } = await client.query(text, values);
      return { rows: rows as Row[], rowCount, command };
    },
    release: (destroy) => client.release(destroy),
  };
}
