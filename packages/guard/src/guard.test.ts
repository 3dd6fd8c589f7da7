import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { createGuard } from "./guard.ts";
import { tokenHash } from "./token.ts";
import { opaqueTokens } from "./tokens.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 30 });
pool.on("error", () => {});
const tokens = opaqueTokens({ schema: 'guard "test"', prefix: "tt" });
const guard = createGuard({ pool, tokens, realm: "test" });

const issue = async (lifetimeSeconds = 60) =>
  `Bearer ${(await tokens.issue(pool, { subject: "ada", lifetimeSeconds })).token}`;
const notes = async (): Promise<number> =>
  (await pool.query("SELECT count(*)::int AS n FROM notes")).rows[0].n;

/** Lets nobody through before `count` have come. */
function barrier(count: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let here = 0;
  return () => {
    if (++here === count) open();
    return opened;
  };
}

describe.skipIf(!server)("the guard on PostgreSQL", () => {
  beforeAll(async () => {
    await pool.query(tokens.migration);
    await pool.query(tokens.migration);
    await pool.query("CREATE TABLE IF NOT EXISTS notes (text text)");
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it("runs the handler in a transaction, for whom the token speaks", async () => {
    const before = await notes();
    const subject = await guard.run(await issue(), async ({ tx, principal }) => {
      await tx.query("INSERT INTO notes VALUES ($1)", [principal.subject]);
      expect(await notes()).toBe(before);
      return principal.subject;
    });
    expect(subject).toBe("ada");
    expect(await notes()).toBe(before + 1);
  });

  it("undoes everything where the handler throws, and passes on what it threw", async () => {
    const before = await notes();
    const thrown = new Error("changed my mind");
    const run = guard.run(await issue(), async ({ tx }) => {
      await tx.query("INSERT INTO notes VALUES ('lost')");
      throw thrown;
    });
    await expect(run).rejects.toBe(thrown);
    expect(await notes()).toBe(before);
  });

  it("a handler that swallows a failed statement does not get to report success", async () => {
    const before = await notes();
    const run = guard.run(await issue(), async ({ tx }) => {
      await tx.query("INSERT INTO notes VALUES ('lost')");
      await tx.query("SELECT 1/0").catch(() => {});
      return "fine";
    });
    await expect(run).rejects.toMatchObject({ code: "transaction-aborted", status: 500 });
    expect(await notes()).toBe(before);
  });

  it("refuses tokens that are unknown, expired or revoked, alike and without the handler", async () => {
    const revoked = await issue();
    await guard.revoke(revoked);
    for (const authorization of ["Bearer tt_unknown", await issue(-1), revoked]) {
      const run = guard.run(authorization, async () => expect.unreachable());
      await expect(run).rejects.toMatchObject({
        code: "invalid-token",
        status: 401,
        challenge: expect.stringMatching(/^Bearer realm="test", error="invalid_token"/),
      });
      await expect(guard.revoke(authorization)).rejects.toMatchObject({ code: "invalid-token" });
    }
  });

  it("a token that expires while the handler runs takes all of its effect with it", async () => {
    const before = await notes();
    const run = guard.run(await issue(2), async ({ tx, principal }) => {
      expect(principal.remainingMs).toBeGreaterThan(0);
      expect(principal.remainingMs).toBeLessThanOrEqual(2000);
      await tx.query("INSERT INTO notes VALUES ('too late')");
      await tx.query("SELECT pg_sleep($1)", [principal.remainingMs / 1000 + 0.05]);
    });
    await expect(run).rejects.toMatchObject({ code: "invalid-token" });
    expect(await notes()).toBe(before);
  });

  it("stores the SHA-256 of a token and nothing else of it", async () => {
    const token = (await issue()).slice("Bearer ".length);
    const { rows } = await pool.query(
      `SELECT t::text AS everything FROM "guard ""test""".access_tokens t WHERE token_sha256 = $1`,
      [tokenHash(token)],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].everything).not.toContain(token.slice(3));
  });

  it("lets requests under one token overlap: each waits for all others", async () => {
    const authorization = await issue();
    const all = barrier(20);
    await Promise.all(Array.from({ length: 20 }, () => guard.run(authorization, all)));
  });

  it("a revocation waits for those before it, and goes before those after it", async () => {
    const authorization = await issue();
    const order: string[] = [];
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const entered = barrier(2);
    const inFlight = guard.run(authorization, async () => {
      await entered();
      await slow;
      order.push("in flight");
    });
    await entered();
    const revocation = guard.revoke(authorization).then(() => order.push("revoked"));
    await waiting(1);
    const late = guard
      .run(authorization, async () => order.push("late"))
      .catch((error) => order.push(error.code));
    await waiting(2);
    expect(order).toEqual([]);
    finish();
    await Promise.all([inFlight, revocation, late]);
    expect(order[0]).toBe("in flight");
    // Either may come first: the refusal has a connection of its own, and is on its way with the same commit.
    expect(order.slice(1).sort()).toEqual(["invalid-token", "revoked"]);
  });

  it("revokes all tokens of a subject, after what is in flight under any of them", async () => {
    const subject = "grace";
    const grant = { subject, lifetimeSeconds: 60 };
    const [one, two] = [await tokens.issue(pool, grant), await tokens.issue(pool, grant)];
    const other = await issue();
    const [entered, order] = [barrier(2), [] as string[]];
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const inFlight = guard.run(`Bearer ${two.token}`, async () => {
      await entered();
      await slow;
      order.push("in flight");
    });
    await entered();
    const revocation = guard.revokeAll(`Bearer ${one.token}`, async ({ tx, principal }) => {
      order.push("work");
      await tx.query("INSERT INTO notes VALUES ($1)", [`farewell ${principal.subject}`]);
    });
    await waiting(1);
    // A log-in while it waits: whoever is let in before the end is shown out with the rest.
    const three = await tokens.issue(pool, grant);
    finish();
    await Promise.all([inFlight, revocation]);
    expect(order).toEqual(["in flight", "work"]);
    for (const { token } of [one, two, three]) {
      const late = guard.run(`Bearer ${token}`, async () => expect.unreachable());
      await expect(late).rejects.toMatchObject({ code: "invalid-token" });
    }
    expect(await guard.run(other, async () => "still valid")).toBe("still valid");
  });

  it("revokes all once, whichever of the tokens asks, and nothing where the work fails", async () => {
    const grant = { subject: "linus", lifetimeSeconds: 60 };
    const all = await Promise.all(Array.from({ length: 6 }, () => tokens.issue(pool, grant)));
    const failing = guard.revokeAll(`Bearer ${all[0]!.token}`, async () => {
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    const answers = await Promise.allSettled(all.map(({ token }) => guard.revokeAll(`Bearer ${token}`)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("does not pretend to with a store that knows no subjects", async () => {
    const { present } = tokens;
    const plain = createGuard({ pool, tokens: { present } });
    await expect(plain.revokeAll(await issue())).rejects.toThrow(TypeError);
  });

  it("lets nothing run under any token of a subject that something is about, and what waited reads its outcome", async () => {
    const grant = { subject: "demoted", lifetimeSeconds: 60 };
    const [one, two] = [await tokens.issue(pool, grant), await tokens.issue(pool, grant)];
    await pool.query("CREATE TABLE IF NOT EXISTS roles (subject text PRIMARY KEY, role text)");
    await pool.query(
      "INSERT INTO roles VALUES ('demoted', 'admin') ON CONFLICT (subject) DO UPDATE SET role = 'admin'",
    );
    const roleUnder = (token: string) =>
      guard.run(`Bearer ${token}`, async ({ tx }) => (await tx.query("SELECT role FROM roles")).rows[0].role);
    const [entered, order] = [barrier(2), [] as string[]];
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const inFlight = guard.run(`Bearer ${one.token}`, async () => {
      await entered();
      await slow;
      order.push("in flight");
    });
    await entered();
    const demotion = guard.exclusively("demoted", async ({ tx }) => {
      order.push("demotion");
      await tx.query("UPDATE roles SET role = 'member'");
    });
    await waiting(1);
    // One that is issued meanwhile does not get past it either.
    const three = await tokens.issue(pool, grant);
    const late = [two, three].map(({ token }) => roleUnder(token));
    await waiting(3);
    finish();
    await Promise.all([inFlight, demotion]);
    expect(order).toEqual(["in flight", "demotion"]);
    expect(await Promise.all(late)).toEqual(["member", "member"]);
  });

  it("two who are each about the other do not wait in a ring, nor does one about itself", async () => {
    const [eve, bob] = ["eve", "bob"].map((subject) => tokens.issue(pool, { subject, lifetimeSeconds: 60 }));
    const about = async (token: string, exclusive: string) =>
      guard.run(`Bearer ${token}`, async () => exclusive, { exclusive, attempts: 1 });
    for (let time = 0; time < 20; time++) {
      const all = [
        about((await eve!).token, "bob"),
        about((await bob!).token, "eve"),
        about((await bob!).token, "bob"),
      ];
      expect(await Promise.all(all)).toEqual(["bob", "eve", "bob"]);
    }
    const later = guard.run(`Bearer ${(await eve!).token}`, async () => "later", {
      exclusive: "bob",
      isolation: "serializable",
    });
    expect(await later).toBe("later");
    await expect(about("tt_unknown", "bob")).rejects.toMatchObject({ code: "invalid-token" });
  });

  it("revokes by subject without a token of theirs", async () => {
    const { token } = await tokens.issue(pool, { subject: "banned", lifetimeSeconds: 60 });
    await guard.revokeSubject("banned", async ({ tx }) => {
      await tx.query("INSERT INTO notes VALUES ('banned')");
    });
    expect(await guard.introspect(token)).toBeUndefined();
    expect(await guard.revokeToken(token)).toBe(false);
  });

  it("refuses what a token's scopes do not cover", async () => {
    const grant = { subject: "ada", lifetimeSeconds: 60, scopes: ["read", "write"] };
    const { token } = await tokens.issue(pool, grant);
    const needing = (...scopes: string[]) => guard.run(`Bearer ${token}`, async () => "done", { scopes });
    expect(await needing("write", "read")).toBe("done");
    await expect(needing("read", "admin")).rejects.toMatchObject({
      code: "insufficient-scope",
      status: 403,
      challenge: expect.stringMatching(
        /^Bearer realm="test", error="insufficient_scope", .*scope="read admin"$/,
      ),
    });
    for (const scope of ["", "a b", 'a"b', "a\\b", "ü"])
      await expect(tokens.issue(pool, { ...grant, scopes: [scope] }), scope).rejects.toThrow(TypeError);
  });

  it("notes that a token was used, without a write for each request", async () => {
    const noting = opaqueTokens({ schema: 'guard "test"', prefix: "tt", noteUseEverySeconds: 60 });
    const { token } = await noting.issue(pool, { subject: "ada", lifetimeSeconds: 60 });
    const used = createGuard({ pool, tokens: noting });
    const row = async () =>
      (
        await pool.query(
          `SELECT last_used_at, xmin::text FROM "guard ""test""".access_tokens WHERE token_sha256 = $1`,
          [tokenHash(token)],
        )
      ).rows[0];
    expect((await row()).last_used_at).toBeNull();
    await Promise.all(Array.from({ length: 10 }, () => used.run(`Bearer ${token}`, async () => {})));
    const first = await row();
    expect(Date.now() - first.last_used_at.getTime()).toBeLessThan(60_000);
    for (let time = 0; time < 5; time++) await used.run(`Bearer ${token}`, async () => {});
    expect(await row()).toEqual(first);
    await pool.query(
      `UPDATE "guard ""test""".access_tokens SET last_used_at = last_used_at - interval '61 s'`,
    );
    await used.run(`Bearer ${token}`, async () => {});
    expect((await row()).last_used_at.getTime()).toBeGreaterThanOrEqual(first.last_used_at.getTime());
  });

  it("revokes once, however many ask at the same time", async () => {
    const authorization = await issue();
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => guard.revoke(authorization)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

/** Until so many sessions wait for an advisory lock. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `SELECT count(*)::int AS n FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()`,
    );
    if (rows[0].n >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
