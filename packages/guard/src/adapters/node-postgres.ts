import type { Pool, Queryable, Result } from "../postgres.ts";

/** The part of a `pg.PoolClient` that is used. */
export interface PgClient {
  // biome-ignore lint/suspicious/noExplicitAny: rows are whatever the statement says
  query(text: string, values?: unknown[]): Promise<Result<any>>;
  release(destroy?: boolean): void;
  on(event: "error", listener: () => void): unknown;
  off(event: "error", listener: () => void): unknown;
}

/** The part of a `pg.Pool` that is used. */
export interface PgPool<Client extends PgClient> {
  connect(): Promise<Client>;
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
export function nodePostgres<Client extends PgClient>(pool: PgPool<Client>): Pool<Client> & Queryable {
  return {
    async connect() {
      const client = await pool.connect();
      client.on("error", heard);
      return {
        db: client,
        query: (text, values) => client.query(text, values),
        release(destroy) {
          client.off("error", heard);
          client.release(destroy);
        },
      };
    },
    async query(text, values) {
      const client = await pool.connect();
      try {
        return await client.query(text, values);
      } finally {
        client.release();
      }
    },
  };
}

/** The statement that is under way, or the next one, rejects with it. */
function heard(): void {}
