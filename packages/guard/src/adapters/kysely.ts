import { CompiledQuery, type Kysely } from "kysely";
import type { Connection, Pool, Queryable, Result } from "../postgres.ts";

/**
 * A Kysely on PostgreSQL for the guard, whose handlers get it as `db`, bound to the transaction's connection. Its
 * `transaction()` is not for use in there.
 * @throws what the driver throws
 * @example
 * const guard = createGuard({ pool: kyselyPool(db), tokens: opaqueTokens() });
 * await guard.run(authorization, ({ db }) => db.updateTable("profiles").set({ n: 1 }).execute());
 */
export function kyselyPool<Tables>(kysely: Kysely<Tables>): Pool<Kysely<Tables>> & Queryable {
  const connect = () =>
    new Promise<Connection<Kysely<Tables>>>((resolve, reject) => {
      const use = (db: Kysely<Tables>) =>
        new Promise<void>((done) => {
          const release = (destroy?: boolean) => (destroy ? ended(queryable(db)).then(done) : done());
          resolve({ ...tagging(queryable(db)), db, release });
        });
      kysely.connection().execute(use).catch(reject);
    });
  return { ...queryable(kysely), connect };
}

/**
 * It closes no single connection on request, PostgreSQL does: in the same message as the end of the transaction, so
 * that nothing of a handler that goes on comes between. When no answer comes any more, the driver knows too.
 */
async function ended({ query }: Queryable): Promise<void> {
  for (const text of ["ROLLBACK; SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"])
    await query(text).catch(() => {});
}

/** Kysely passes no command tags on, so that of COMMIT has to be found out: after an error nothing else is answered. */
function tagging({ query }: Queryable): Queryable {
  const fails = (error: { code?: string }) => error.code === "25P02";
  return {
    async query(text, values) {
      if (text !== "COMMIT") return query(text, values);
      const failed = await query("SELECT 1").then(() => false, fails);
      return { ...(await query(text)), command: failed ? "ROLLBACK" : "COMMIT" };
    },
  };
}

/**
 * A transaction of one's own, for what takes a `Queryable`.
 *
 * @throws what the driver throws
 * @example
 * await db.transaction().execute((own) => tokens.issue(queryable(own), { subject: "ada", lifetimeSeconds: 600 }));
 */
export function queryable<Tables>(db: Kysely<Tables>): Queryable {
  return {
    async query<Row>(text: string, values: unknown[] = []): Promise<Result<Row>> {
      const { rows, numAffectedRows } = await db.executeQuery<Row>(CompiledQuery.raw(text, values));
      return { rows, rowCount: Number(numAffectedRows ?? rows.length), command: "" };
    },
  };
}
