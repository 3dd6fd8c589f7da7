import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { nodePostgres } from "./adapters/node-postgres.ts";
import { createGuard } from "./guard.ts";
import { opaqueTokens } from "./tokens.ts";
import type { Isolation } from "./transaction.ts";

const server = await postgresForTests();
const plain = new pg.Pool({ connectionString: server?.url, max: 10 });
plain.on("error", () => {});
const pool = nodePostgres(plain);
const tokens = opaqueTokens({ schema: "limit_test" });
const failed: unknown[] = [];
const guard = createGuard({ pool, tokens, onHookError: (error) => failed.push(error) });
const issue = async () =>
  `Bearer ${(await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 60 })).token}`;
const count = async (): Promise<number> =>
  (await plain.query("SELECT count(*)::int AS n FROM done")).rows[0].n;
/** Nothing of an earlier test is left: no lock, no open transaction, no connection that is out. */
const nothingLeft = async () => {
  const busy = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`;
  while ((await plain.query(busy)).rows[0].n > 0 || plain.idleCount < plain.totalCount)
    await new Promise((resolve) => setTimeout(resolve, 10));
};
const insert = "INSERT INTO done VALUES (1)";
const ISOLATIONS: readonly Isolation[] = ["read committed", "repeatable read", "serializable"];

/** Settled from outside. */
function latch() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.skipIf(!server)("a transaction under the guard", () => {
  beforeAll(async () => {
    await plain.query(tokens.migration);
    await plain.query("CREATE TABLE IF NOT EXISTS done (n int)");
  });
  afterAll(async () => {
    await plain.end();
    await server?.stop();
  });

  describe.each(ISOLATIONS)("at %s", (isolation) => {
    it("ends at its deadline with nothing done, whatever the handler waits for", async () => {
      const before = await count();
      const authorization = await issue();
      const late = { code: "deadline-exceeded", status: 503 };
      const slow = guard.run(
        authorization,
        async ({ tx }) => {
          await tx.query(insert);
          await tx.query("SELECT pg_sleep(60)");
        },
        { isolation, deadlineMs: 200 },
      );
      await expect(slow).rejects.toMatchObject(late);
      let signalled: unknown;
      const elsewhere = guard.run(
        authorization,
        async ({ tx, signal }) => {
          await tx.query(insert);
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          signalled = signal.reason;
          await tx.query(insert);
        },
        { isolation, deadlineMs: 200 },
      );
      await expect(elsewhere).rejects.toMatchObject(late);
      expect(signalled).toMatchObject(late);
      await nothingLeft();
      expect(await count()).toBe(before);
    });

    it("waits for its lock until the deadline, and for nobody's sake after it", async () => {
      const authorization = await issue();
      const [entered, slow] = [latch(), latch()];
      const inFlight = guard.run(
        authorization,
        () => {
          entered.open();
          return slow.opened;
        },
        { isolation },
      );
      await entered.opened;
      const revocation = guard.revoke(authorization, { deadlineMs: 150 });
      await expect(revocation).rejects.toMatchObject({ code: "deadline-exceeded" });
      // The one that gave up does not stand in the way.
      expect(await guard.run(authorization, async () => "let in", { isolation })).toBe("let in");
      slow.open();
      await inFlight;
      await guard.revoke(authorization);
      await nothingLeft();
    });

    it("ends when whoever asked has left, with nothing done and for the reason given", async () => {
      const before = await count();
      const authorization = await issue();
      const asker = new AbortController();
      const reason = new Error("left");
      const run = guard.run(
        authorization,
        async ({ tx }) => {
          await tx.query(insert);
          setTimeout(() => asker.abort(reason), 20);
          await tx.query("SELECT pg_sleep(60)");
        },
        { isolation, signal: asker.signal },
      );
      await expect(run).rejects.toBe(reason);
      const late = guard.run(authorization, async () => expect.unreachable(), {
        isolation,
        signal: asker.signal,
      });
      await expect(late).rejects.toBe(reason);
      await nothingLeft();
      expect(await count()).toBe(before);
    });

    it("undoes what came after a savepoint, and keeps what came before", async () => {
      const before = await count();
      await guard.run(
        await issue(),
        async ({ tx, savepoint }) => {
          await tx.query(insert);
          const inner = savepoint(async () => {
            await tx.query(insert);
            await savepoint(() => tx.query(insert));
            await tx.query("SELECT 1/0");
          });
          await expect(inner).rejects.toMatchObject({ code: "22012" });
          await savepoint(() => tx.query(insert));
        },
        { isolation },
      );
      expect(await count()).toBe(before + 2);
    });
  });

  it("waits for a connection until the deadline, and gives back the one that comes later", async () => {
    const authorization = await issue();
    const taken = await Promise.all(Array.from({ length: 10 }, () => plain.connect()));
    const run = guard.run(authorization, async () => expect.unreachable(), { deadlineMs: 50 });
    await expect(run).rejects.toMatchObject({ code: "deadline-exceeded" });
    for (const one of taken) one.release();
    await nothingLeft();
  });

  it("does not mistake savepoints that overlap for ones inside of one another", async () => {
    const before = await count();
    const run = guard.run(await issue(), ({ tx, savepoint }) =>
      Promise.all([
        savepoint(() => tx.query(insert)),
        savepoint(async () => {
          await tx.query("SELECT pg_sleep(0.05)");
          await tx.query(insert);
        }),
      ]),
    );
    await expect(run).rejects.toThrow(TypeError);
    expect(await count()).toBe(before);
  });

  it("calls hooks once it has committed, and never otherwise", async () => {
    const called: string[] = [];
    const authorization = await issue();
    await guard.run(authorization, async ({ tx, afterCommit }) => {
      const before = await count();
      await tx.query(insert);
      afterCommit(async () => called.push(`one, ${(await count()) - before} done`));
      afterCommit(() => {
        throw new Error("the mail server is down");
      });
      afterCommit(() => called.push("three"));
      expect(called).toEqual([]);
    });
    expect(called).toEqual(["one, 1 done", "three"]);
    expect(failed).toMatchObject([{ message: "the mail server is down" }]);
    const undone = guard.run(authorization, async ({ afterCommit }) => {
      afterCommit(() => called.push("undone"));
      throw new Error("changed my mind");
    });
    await expect(undone).rejects.toThrow("changed my mind");
    let runs = 0;
    await guard.run(authorization, async ({ afterCommit }) => {
      runs++;
      afterCommit(() => called.push(`run ${runs}`));
      if (runs === 1) throw Object.assign(new Error("collided"), { code: "40001" });
    });
    expect(called).toEqual(["one, 1 done", "three", "run 2"]);
  });

  it("refuses what comes after its end, and what would end it from inside", async () => {
    let late: Promise<unknown> | undefined;
    const after = latch();
    await guard.run(await issue(), async ({ tx }) => {
      late = after.opened.then(() => tx.query(insert));
      for (const text of ["COMMIT", " rollback", "End", "BEGIN", "ROLLBACK TRANSACTION"])
        await expect(tx.query(text), text).rejects.toThrow(TypeError);
      await tx.query("SAVEPOINT own");
      await tx.query("ROLLBACK TO SAVEPOINT own");
    });
    after.open();
    await expect(late).rejects.toMatchObject({ code: "transaction-over" });
  });

  it("does not claim to know what came of a COMMIT whose connection broke", async () => {
    const run = guard.run(await issue(), async ({ tx }) => {
      await tx.query(insert);
      const { rows } = await tx.query("SELECT pg_backend_pid() AS pid");
      await plain.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await expect(run).rejects.toMatchObject({ code: "commit-unknown", status: 500 });
    await nothingLeft();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("has no deadline of %d ms", async (deadlineMs) => {
    const run = guard.run(await issue(), async () => expect.unreachable(), { deadlineMs });
    await expect(run).rejects.toThrow(RangeError);
  });
});
