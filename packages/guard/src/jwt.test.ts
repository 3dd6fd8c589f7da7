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

  it("are forgotten once they have expired", async () => {
    const rows = async () => (await pool.query("SELECT FROM jwt_test.revoked_tokens")).rowCount!;
    await guard.revoke(token("brief", { expiresAt: new Date(Date.now() + 300) }));
    const before = await rows();
    await new Promise((resolve) => setTimeout(resolve, 400));
    await tokens.prune(pool);
    expect(await rows()).toBe(before - 1);
  });
});
