import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { createGuard } from "./guard.ts";
import { opaqueTokens } from "./tokens.ts";
import type { Isolation } from "./transaction.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 10 });
pool.on("error", () => {});
pool.on("connect", (client) => client.on("error", () => {}));
const tokens = opaqueTokens({ schema: "transaction_test" });
/** Sessions that have or want one. Of this database only: the server may have others, whose tests run at the same time. */
const ADVISORY_LOCKS = `
SELECT count(DISTINCT pid)::int AS n FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
 WHERE locktype = 'advisory' AND datname = current_database()`;
const guard = createGuard({ pool, tokens });
const issue = async () =>
  `Bearer ${(await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 60 })).token}`;
const advisoryLocks = async (): Promise<number> => (await pool.query(ADVISORY_LOCKS)).rows[0].n;

describe.skipIf(!server)("isolation", () => {
  beforeAll(async () => {
    await pool.query(tokens.migration);
    await pool.query("CREATE TABLE IF NOT EXISTS counters (id int PRIMARY KEY, value int NOT NULL)");
    await pool.query("INSERT INTO counters VALUES (1, 0), (2, 0)");
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it.each<Isolation>(["read committed", "repeatable read", "serializable"])(
    "%s: a request that waited for a revocation sees it",
    async (isolation) => {
      const authorization = await issue();
      // Holds the revocation between its lock and its statement.
      const gate = await pool.connect();
      await gate.query("BEGIN");
      await gate.query("LOCK TABLE transaction_test.access_tokens IN SHARE ROW EXCLUSIVE MODE");
      const revocation = guard.revoke(authorization);
      await until(async () => (await advisoryLocks()) === 1);
      const late = guard.run(authorization, async () => "let in", { isolation });
      const outcome = late.catch((error) => error.code);
      await until(async () => (await advisoryLocks()) === 2);
      await gate.query("COMMIT");
      gate.release();
      await revocation;
      expect(await outcome).toBe("invalid-token");
      expect(await advisoryLocks()).toBe(0);
    },
  );

  it.each<Isolation>(["repeatable read", "serializable"])(
    "%s: colliding read-modify-writes are run again until each counts",
    async (isolation) => {
      await pool.query("UPDATE counters SET value = 0");
      const authorization = await issue();
      const add = () =>
        guard.run(
          authorization,
          async ({ tx }) => {
            const { rows } = await tx.query("SELECT value FROM counters WHERE id = 1");
            await tx.query("UPDATE counters SET value = $1 WHERE id = 1", [rows[0].value + 1]);
          },
          { isolation, attempts: 50 },
        );
      await Promise.all(Array.from({ length: 6 }, add));
      expect((await pool.query("SELECT value FROM counters WHERE id = 1")).rows[0].value).toBe(6);
      expect(await advisoryLocks()).toBe(0);
    },
  );

  it("a deadlock is resolved, and both are done", async () => {
    await pool.query("UPDATE counters SET value = 0");
    const authorization = await issue();
    let first = 0;
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const both = (one: number, two: number) =>
      guard.run(authorization, async ({ tx }) => {
        await tx.query("UPDATE counters SET value = value + 1 WHERE id = $1", [one]);
        if (++first === 2) meet();
        await met;
        await tx.query("UPDATE counters SET value = value + 1 WHERE id = $1", [two]);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    const { rows } = await pool.query("SELECT value FROM counters ORDER BY id");
    expect(rows.map(({ value }) => value)).toEqual([2, 2]);
    // More often than once where the one that was turned back is there again before the other has woken up.
    expect(first).toBeGreaterThanOrEqual(3);
  });

  it.each<Isolation>(["read committed", "serializable"])(
    "%s: a connection that breaks is not used again, and its lock goes with it",
    async (isolation) => {
      const authorization = await issue();
      const run = guard.run(
        authorization,
        async ({ tx }) => {
          const { rows } = await tx.query("SELECT pg_backend_pid() AS pid");
          await pool.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
          await tx.query("SELECT 1");
        },
        { isolation },
      );
      await expect(run).rejects.toThrow();
      await until(async () => (await advisoryLocks()) === 0);
      await guard.revoke(authorization);
      expect(pool.idleCount).toBe(pool.totalCount);
    },
  );
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
