import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { createGuard } from "./guard.ts";
import { jwtTokens, type VerifiedToken } from "./jwt.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 20 });
pool.on("error", () => {});
const claims = new Map<string, VerifiedToken>();
const tokens = jwtTokens({ schema: "jwt_test", verify: async (token) => claims.get(token) });
const guard = createGuard({ pool, tokens });
let made = 0;

/** A token by its text; the claims are what a library would have verified. */
function token(text: string, about: Partial<VerifiedToken> = {}): string {
  const expiresAt = new Date(Date.now() + 60_000);
  claims.set(text, { issuer: "test", subject: "ada", id: `id-${++made}`, expiresAt, ...about });
  return `Bearer ${text}`;
}

describe.skipIf(!server)("JSON Web Tokens", () => {
  beforeAll(async () => {
    await pool.query(tokens.migration);
    await pool.query(tokens.migration);
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });
  const run = (authorization: string) => guard.run(authorization, async ({ principal }) => principal.subject);
  const refused = { code: "invalid-token", status: 401 };

  it("speak for their subject until they are revoked", async () => {
    const [one, two] = [token("one"), token("two")];
    expect(await run(one)).toBe("ada");
    await guard.revoke(one);
    await expect(run(one)).rejects.toMatchObject(refused);
    await expect(guard.revoke(one)).rejects.toMatchObject(refused);
    expect(await run(two)).toBe("ada");
  });

  it("are refused where they do not verify, or have expired by the database's clock", async () => {
    await expect(run("Bearer unverified")).rejects.toMatchObject(refused);
    const old = token("old", { expiresAt: new Date(Date.now() - 1_000) });
    await expect(run(old)).rejects.toMatchObject(refused);
    await expect(guard.revoke(old)).rejects.toMatchObject(refused);
  });

  it("are one token in every spelling: the revocation of one waits for calls under another", async () => {
    const [spelling, respelling] = [token("aaa", { id: "same" }), token("aab", { id: "same" })];
    const order: string[] = [];
    let [enter, finish] = [() => {}, () => {}];
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const inFlight = guard.run(spelling, async () => {
      enter();
      await slow;
      order.push("in flight");
    });
    await entered;
    const revocation = guard.revoke(respelling).then(() => order.push("revoked"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    finish();
    await Promise.all([inFlight, revocation]);
    expect(order).toEqual(["in flight", "revoked"]);
    await expect(run(spelling)).rejects.toMatchObject(refused);
  });

  it("of different issuers are different, whatever their ids", async () => {
    const [ours, theirs] = [token("ours", { id: "1" }), token("theirs", { id: "1", issuer: "other" })];
    await guard.revoke(ours);
    expect(await run(theirs)).toBe("ada");
  });

  it("of a subject are all revoked, after what is in flight under any of them", async () => {
    const subject = "grace";
    const [one, two] = [token("g1", { subject, epoch: 0 }), token("g2", { subject, epoch: 0 })];
    const other = token("o1", { epoch: 0 });
    const order: string[] = [];
    let enter = () => {};
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const inFlight = guard.run(two, async ({ tx }) => {
      enter();
      await tx.query("SELECT pg_sleep(0.1)");
      order.push("in flight");
    });
    await entered;
    await guard.revokeAll(one, async () => void order.push("work"));
    await inFlight;
    expect(order).toEqual(["in flight", "work"]);
    for (const late of [one, two, token("g3", { subject, epoch: 0 })])
      await expect(run(late)).rejects.toMatchObject(refused);
    expect(await run(other)).toBe("ada");
    // The next log-in is let in at once, and out with the next revocation, however close the two are.
    for (let time = 0; time < 3; time++) {
      const epoch = await tokens.epoch(pool, subject);
      const next = token(`next ${time}`.replace(" ", ""), { subject, epoch });
      expect(await run(next)).toBe(subject);
      await guard.revokeSubject(subject);
      await expect(run(next)).rejects.toMatchObject(refused);
    }
  });

  it("without an epoch are judged by when they were issued, and without either are revoked", async () => {
    const subject = "linus";
    const issuedAt = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000);
    await guard.revokeSubject(subject);
    for (const [text, about] of [
      ["l1", { issuedAt: issuedAt(1) }],
      ["l2", {}],
    ] as const)
      await expect(run(token(text, { subject, ...about }))).rejects.toMatchObject(refused);
    expect(await run(token("l3", { subject, issuedAt: issuedAt(-1) }))).toBe(subject);
    // With clocks that may differ by two seconds, one second later is in doubt.
    const lenient = createGuard({
      pool,
      tokens: jwtTokens({ schema: "jwt_test", leewaySeconds: 2, verify: async (text) => claims.get(text) }),
    });
    await expect(lenient.run("Bearer l3", async () => 1)).rejects.toMatchObject(refused);
    token("l4", { subject, issuedAt: issuedAt(-4) });
    expect(await lenient.run("Bearer l4", async () => 1)).toBe(1);
  });

  it("are forgotten once they have expired", async () => {
    const rows = async () => (await pool.query("SELECT FROM jwt_test.revoked_tokens")).rowCount!;
    const ends = Date.now() + 2000;
    await guard.revoke(token("brief", { expiresAt: new Date(ends) }));
    const before = await rows();
    await new Promise((resolve) => setTimeout(resolve, ends + 100 - Date.now()));
    await tokens.prune(pool);
    expect(await rows()).toBe(before - 1);
  });
});
