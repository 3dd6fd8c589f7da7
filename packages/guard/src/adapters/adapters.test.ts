import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../../labs/node/src/testing/postgres.ts";
import { oneTimeCodes } from "../codes.ts";
import { createGuard } from "../guard.ts";
import { idempotencyKeys } from "../idempotency.ts";
import { jwtTokens } from "../jwt.ts";
import type { Pool, Queryable } from "../postgres.ts";
import { migrations } from "../schema/index.ts";
import type { GuardTables } from "../schema/tables.ts";
import { createSessions } from "../sessions.ts";
import { opaqueTokens } from "../tokens.ts";
import type { Isolation } from "../transaction.ts";
import { queryable as fromKysely, kyselyPool } from "./kysely.ts";
import { nodePostgres } from "./node-postgres.ts";
import { queryable as fromPostgresJs, postgresJs } from "./postgres-js.ts";

interface Driver {
  readonly pool: Pool<unknown> & Queryable;
  /** With the driver's own object, as a handler has it. */
  add(db: unknown): Promise<unknown>;
  /** In a transaction of the driver's own, which is undone. */
  undone(work: (tx: Queryable) => Promise<unknown>): Promise<unknown>;
  end(): Promise<unknown>;
}

const server = await postgresForTests();
const url = server?.url ?? "postgres://nowhere";
const MAX = 5;
const plain = new pg.Pool({ connectionString: url, max: 3 });
plain.on("error", () => {});

class Undo extends Error {}

function ofNodePostgres(more: object): Driver {
  const own = new pg.Pool({ connectionString: url, max: MAX, ...more });
  own.on("error", () => {});
  return {
    pool: nodePostgres(own),
    add: (db) => (db as pg.PoolClient).query("INSERT INTO done VALUES (1)"),
    async undone(work) {
      const client = await own.connect();
      await client.query("BEGIN");
      await work(client);
      await client.query("ROLLBACK");
      client.release();
    },
    end: () => own.end(),
  };
}

const DRIVERS: Record<string, () => Driver> = {
  "node-postgres": () => ofNodePostgres({}),
  "node-postgres, pipelined": () => ofNodePostgres({ pipeline: true }),
  "postgres.js"() {
    const own = postgres(url, { max: MAX, onnotice: () => {} });
    return {
      pool: postgresJs(own),
      add: (db) => (db as typeof own)`INSERT INTO done VALUES (${1})`,
      undone: (work) =>
        own
          .begin(async (tx) => {
            await work(fromPostgresJs(tx));
            throw new Undo();
          })
          .catch(onlyUndo),
      end: () => own.end({ timeout: 5 }),
    };
  },
  Kysely() {
    const pool = new pg.Pool({ connectionString: url, max: MAX });
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    const own = new Kysely<GuardTables & { done: { n: number } }>({ dialect: new PostgresDialect({ pool }) });
    return {
      pool: kyselyPool(own),
      add: (db) => (db as typeof own).insertInto("done").values({ n: 1 }).execute(),
      undone: (work) =>
        own
          .transaction()
          .execute(async (tx) => {
            await work(fromKysely(tx));
            throw new Undo();
          })
          .catch(onlyUndo),
      end: () => own.destroy(),
    };
  },
};

function onlyUndo(error: unknown): void {
  if (!(error instanceof Undo)) throw error;
}

const count = async (): Promise<number> =>
  (await plain.query("SELECT count(*)::int AS n FROM done")).rows[0].n;
const locks = async (): Promise<number> =>
  (await plain.query("SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'")).rows[0].n;

describe.skipIf(!server)("the guard over", () => {
  beforeAll(async () => {
    for (const one of migrations()) await plain.query(one.sql);
    await plain.query("CREATE TABLE done (n int)");
  });
  afterAll(async () => {
    await plain.end();
    await server?.stop();
  });

  describe.each(Object.keys(DRIVERS))("%s", (name) => {
    const driver = DRIVERS[name]!();
    const { pool } = driver;
    const tokens = opaqueTokens();
    const guard = createGuard({ pool, tokens });
    const sessions = createSessions({ pool, tokens, graceSeconds: 60 });
    const issue = async (subject = "ada") =>
      `Bearer ${(await tokens.issue(pool, { subject, lifetimeSeconds: 60, scopes: ["a", "b"] })).token}`;
    afterAll(() => driver.end());

    it.each<Isolation>(["read committed", "repeatable read", "serializable"])(
      "%s: does what the handler does, once, and nothing where it throws",
      async (isolation) => {
        const before = await count();
        const authorization = await issue();
        const subject = await guard.run(
          authorization,
          async ({ tx, db, principal }) => {
            await driver.add(db);
            await tx.query("INSERT INTO done VALUES ($1)", [2]);
            expect(await count()).toBe(before);
            expect(principal.scopes).toEqual(["a", "b"]);
            return principal.subject;
          },
          { isolation },
        );
        expect(subject).toBe("ada");
        expect(await count()).toBe(before + 2);
        const thrown = new Error("changed my mind");
        const failing = guard.run(
          authorization,
          async ({ db }) => {
            await driver.add(db);
            throw thrown;
          },
          { isolation },
        );
        await expect(failing).rejects.toBe(thrown);
        const swallowing = guard.run(
          authorization,
          async ({ tx, db }) => {
            await driver.add(db);
            await tx.query("SELECT 1/0").catch(() => {});
          },
          { isolation },
        );
        await expect(swallowing).rejects.toMatchObject({ code: "transaction-aborted" });
        expect(await count()).toBe(before + 2);
        expect(await locks()).toBe(0);
        await guard.revoke(authorization);
        await expect(guard.run(authorization, async () => 1, { isolation })).rejects.toMatchObject({
          code: "invalid-token",
        });
      },
    );

    it.each<Isolation>(["read committed", "serializable"])(
      "%s: gives a statement up at the deadline, with its connection and its locks",
      async (isolation) => {
        const before = await count();
        const authorization = await issue();
        for (let time = 0; time < MAX + 1; time++) {
          const slow = guard.run(
            authorization,
            async ({ tx, db }) => {
              await driver.add(db);
              await tx.query("SELECT pg_sleep(60)");
            },
            { isolation, deadlineMs: 60 },
          );
          await expect(slow).rejects.toMatchObject({ code: "deadline-exceeded" });
        }
        // All connections are of use again, and nobody is in the way of the revocation.
        await Promise.all(
          Array.from({ length: MAX }, () => guard.run(authorization, ({ db }) => driver.add(db))),
        );
        expect(await count()).toBe(before + MAX);
        await guard.revoke(authorization);
        expect(await locks()).toBe(0);
      },
    );

    it("has no effect after the deadline, though the handler goes on", async () => {
      const before = await count();
      const authorization = await issue();
      const late: Promise<unknown>[] = [];
      for (let time = 0; time < 3; time++) {
        const run = guard.run(
          authorization,
          async ({ db, signal }) => {
            await driver.add(db);
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
            const going = (async () => {
              for (let again = 0; again < 3; again++) await Promise.resolve(driver.add(db));
            })();
            late.push(going.catch(() => {}));
            await going;
          },
          { deadlineMs: 100 },
        );
        await expect(run).rejects.toMatchObject({ code: "deadline-exceeded" });
      }
      await Promise.all(late);
      await guard.revoke(authorization);
      expect(await count()).toBe(before);
    });

    it("survives connections that PostgreSQL ends", async () => {
      const before = await count();
      const authorization = await issue();
      const run = guard.run(authorization, async ({ tx, db }) => {
        await driver.add(db);
        const { rows } = await tx.query("SELECT pg_backend_pid() AS pid");
        await plain.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await tx.query("SELECT 1");
      });
      await expect(run).rejects.toThrow();
      await Promise.all(
        Array.from({ length: MAX }, () => guard.run(authorization, ({ db }) => driver.add(db))),
      );
      expect(await count()).toBe(before + MAX);
    });

    it("looks at the token when the lock is there, and counts what is left of it from then on", async () => {
      const { token } = await tokens.issue(pool, { subject: "kay", lifetimeSeconds: 4 });
      const meanwhile = async (hold: (held: () => void) => Promise<unknown>) => {
        let waiting: Promise<unknown> | undefined;
        await hold(() => {
          waiting = guard.run(`Bearer ${token}`, async ({ tx }) => tx.query("SELECT 1"));
          waiting.catch(() => {});
        });
        return waiting;
      };
      // Waits for 2.2 of its 4 seconds: less than it has waited is left.
      const busy = meanwhile((held) =>
        guard.exclusively("kay", async ({ tx }) => {
          held();
          await tx.query("SELECT pg_sleep(2.2)");
        }),
      );
      expect(await busy).toMatchObject({ rowCount: 1 });
      const ended = meanwhile((held) =>
        guard.revokeSubject("kay", async ({ tx }) => {
          held();
          await tx.query("SELECT pg_sleep(0.1)");
        }),
      );
      await expect(ended).rejects.toMatchObject({ code: "invalid-token" });
    });

    it("has all operations", async () => {
      const lifetimes = { accessSeconds: 60, refreshSeconds: 60 };
      const first = await sessions.open(pool, "grace", lifetimes);
      const second = await sessions.refresh(first.refreshToken, lifetimes);
      expect(second).toEqual(await sessions.refresh(first.refreshToken, lifetimes));
      if (second.status !== "refreshed") throw new Error("refused");
      await sessions.close(`Bearer ${second.access.token}`);
      expect(await sessions.refresh(second.refreshToken, lifetimes)).toEqual({ status: "refused" });

      const codes = oneTimeCodes();
      const { id, code } = await codes.issue(pool, { subject: "grace", lifetimeSeconds: 60 });
      expect([await codes.redeem(pool, id, code), await codes.redeem(pool, id, code)]).toEqual([
        "grace",
        undefined,
      ]);

      const keys = idempotencyKeys();
      const order = () =>
        keys.once(guarded, { key: `${name} 1`, request: ["order", { item: 7 }] }, async () => ({ id: 9 }));
      const principal = {
        subject: "grace",
        scopes: [],
        issuedAt: undefined,
        expiresAt: new Date(),
        remainingMs: 1,
      };
      const guarded = { tx: pool, principal };
      expect([await order(), await order()]).toEqual([
        { answer: { id: 9 }, replayed: false },
        { answer: { id: 9 }, replayed: true },
      ]);

      const expiresAt = new Date(Date.now() + 60_000);
      const verify = async (id: string) => ({
        issuer: "i",
        subject: "grace",
        id: `${name} ${id}`,
        expiresAt,
        epoch: 1,
      });
      const web = createGuard({ pool, tokens: jwtTokens({ verify }) });
      expect(await web.run("Bearer x", async ({ principal }) => principal.subject)).toBe("grace");
      await web.revoke("Bearer x");
      await expect(web.run("Bearer x", async () => 1)).rejects.toMatchObject({ code: "invalid-token" });
      await web.run("Bearer y", async () => 1, { exclusive: "someone else" });
    });

    it("works within a transaction of one's own", async () => {
      const issued: string[] = [];
      await driver.undone(async (tx) => {
        issued.push((await tokens.issue(tx, { subject: "ada", lifetimeSeconds: 60 })).token);
        expect(await guard.introspect(issued[0]!)).toBeUndefined();
      });
      expect(issued).toHaveLength(1);
      expect(await guard.introspect(issued[0]!)).toBeUndefined();
    });
  });

  it("has its tables for a Kysely of one's own, as they are", async () => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    const own = new Kysely<GuardTables>({ dialect: new PostgresDialect({ pool }) });
    const tokens = opaqueTokens();
    await tokens.issue(pool, { subject: "the last one", lifetimeSeconds: 60 });
    const rows = await own
      .selectFrom("guard.access_tokens")
      .select(["subject", "scope", "revoked_at", sql<number>`octet_length(token_sha256)`.as("length")])
      .where("subject", "=", "the last one")
      .execute();
    expect(rows).toEqual([{ subject: "the last one", scope: "", revoked_at: null, length: 32 }]);
    await own.destroy();
  });
});
