import type { Pool, Queryable, Result } from "../postgres.ts";

/** What postgres.js calls `Sql`, `ReservedSql` or `TransactionSql`, as far as it is used. */
export interface PostgresJsSql {
  // biome-ignore lint/suspicious/noExplicitAny: parameters and rows are whatever the statement says
  unsafe(text: string, values?: any[], options?: object): PromiseLike<PostgresJsResult>;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export type PostgresJsResult = readonly any[] & {
  readonly count: number | null;
  readonly command: string | null;
};

/**
 * postgres.js for the guard, whose handlers get the reserved `sql` as `db`. Its `begin` is not for use in there.
 * @throws what postgres.js throws
 * @example
 * const guard = createGuard({ pool: postgresJs(postgres(url)), tokens: opaqueTokens() });
 * await guard.run(authorization, ({ db, principal }) => db`UPDATE profiles SET n = 1 WHERE id = ${principal.subject}`);
 */
export function postgresJs<Reserved extends PostgresJsSql>(
  sql: PostgresJsSql & { reserve(): Promise<Reserved & { release(): void }> },
): Pool<Reserved> & Queryable {
  const connect = async () => {
    // The first one to reserve a line whose connection was ended in the middle of a statement is told of that again.
    const db = await sql.reserve().catch(() => sql.reserve());
    // As its own `begin` does it. A line that has closed is its own again: a statement on it would end the process.
    let closed = false;
    const close = () => {
      closed = true;
    };
    const onexecute = (line: object) => Boolean(Object.assign(line, { onclose: close }));
    const query: Queryable["query"] = async (text, values) => {
      if (closed) throw new Error("the connection has been closed");
      return result(await db.unsafe(text, values, { prepare: true, onexecute }));
    };
    const free = () => closed || db.release();
    // It closes no single connection on request: this one comes back once what is under way has ended.
    const release = (destroy?: boolean) =>
      void (destroy ? query("ROLLBACK; SELECT pg_advisory_unlock_all()").then(free, () => {}) : free());
    return { query, db, release, outlives: true, pipelines: true };
  };
  return { ...queryable(sql), connect };
}

/**
 * A transaction of one's own, for what takes a `Queryable`.
 *
 * @throws what postgres.js throws
 * @example
 * await sql.begin((own) => tokens.issue(queryable(own), { subject: "ada", lifetimeSeconds: 600 }));
 */
export function queryable(sql: PostgresJsSql): Queryable {
  return { query: async (text, values) => result(await sql.unsafe(text, values, { prepare: true })) };
}

function result<Row>(all: PostgresJsResult): Result<Row> {
  return { rows: [...all], rowCount: all.count, command: all.command ?? "" };
}
