import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { createGuard } from "./guard.ts";
import { unseal } from "./sealed.ts";
import { createSessions, type IssuedSession, type Refreshed } from "./sessions.ts";
import { tokenHash } from "./token.ts";
import { opaqueTokens } from "./tokens.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 20 });
pool.on("error", () => {});
const schema = "session_test";
const tokens = opaqueTokens({ schema });
const guard = createGuard({ pool, tokens });
const sessions = createSessions({ pool, tokens, schema });
const HOUR = { accessSeconds: 3600, refreshSeconds: 3600 };
const open = (subject = "ada", lifetimes = HOUR) => sessions.open(pool, subject, lifetimes);
const refresh = (token: string) => sessions.refresh(token, HOUR);
const isValid = ({ access }: IssuedSession): Promise<boolean> =>
  guard.run(`Bearer ${access.token}`, async () => true).catch(() => false);
const rotated = (answer: Refreshed): (IssuedSession & { status: string }) | undefined =>
  answer.status === "refreshed" ? answer : undefined;

describe.skipIf(!server)("sessions", () => {
  beforeAll(async () => {
    for (const sql of [tokens.migration, sessions.migration, sessions.migration]) await pool.query(sql);
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it("a refresh token is exchanged for the next pair, and the access token before stays valid", async () => {
    const first = await open();
    const second = rotated(await refresh(first.refreshToken))!;
    const third = rotated(await refresh(second.refreshToken))!;
    for (const session of [first, second, third]) expect(await isValid(session)).toBe(true);
    expect(new Set([first, second, third].map((one) => one.refreshToken)).size).toBe(3);
    const subject = await guard.run(
      `Bearer ${third.access.token}`,
      async ({ principal }) => principal.subject,
    );
    expect(subject).toBe("ada");
  });

  it("one that comes back after its use ends the session, with the successors and all access tokens", async () => {
    const [first, other] = [await open(), await open()];
    const second = rotated(await refresh(first.refreshToken))!;
    expect(await refresh(first.refreshToken)).toEqual({ status: "refused" });
    expect(await refresh(second.refreshToken)).toEqual({ status: "refused" });
    for (const session of [first, second]) expect(await isValid(session)).toBe(false);
    expect(await isValid(other)).toBe(true);
    expect(rotated(await refresh(other.refreshToken))).toBeDefined();
  });

  it("refuses what is unknown or expired, and an expired one ends nothing", async () => {
    const session = await open("ada", { accessSeconds: 60, refreshSeconds: -1 });
    for (const token of [session.refreshToken, "rt_unknown"]) {
      expect(await refresh(token)).toEqual({ status: "refused" });
    }
    expect(await isValid(session)).toBe(true);
  });

  it("at the same time one exchange succeeds at most, and then nothing of the session is left", async () => {
    const session = await open();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(session.refreshToken)));
    const successors = answers.map(rotated).filter((one) => one !== undefined);
    expect(successors).toHaveLength(1);
    expect(await isValid(session)).toBe(false);
    expect(await isValid(successors[0]!)).toBe(false);
    expect(await refresh(successors[0]!.refreshToken)).toEqual({ status: "refused" });
  });

  it("a successor that is just being exchanged does not escape the end of its session", async () => {
    for (let time = 0; time < 20; time++) {
      const first = await open();
      const second = rotated(await refresh(first.refreshToken))!;
      const answers = await Promise.all([refresh(second.refreshToken), refresh(first.refreshToken)]);
      for (const late of answers.map(rotated).filter((one) => one !== undefined)) {
        expect(await isValid(late)).toBe(false);
        expect(await refresh(late.refreshToken)).toEqual({ status: "refused" });
      }
      expect(await isValid(second)).toBe(false);
    }
  });

  it("its close waits for what is in flight under any of its tokens, and works once", async () => {
    const first = await open();
    const second = rotated(await refresh(first.refreshToken))!;
    const order: string[] = [];
    let [enter, finish] = [() => {}, () => {}];
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const inFlight = guard.run(`Bearer ${first.access.token}`, async () => {
      enter();
      await slow;
      order.push("in flight");
    });
    await entered;
    const closed = sessions.close(`Bearer ${second.access.token}`).then(() => order.push("closed"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(order).toEqual([]);
    finish();
    await Promise.all([inFlight, closed]);
    expect(order).toEqual(["in flight", "closed"]);
    for (const session of [first, second]) expect(await isValid(session)).toBe(false);
    expect(await refresh(second.refreshToken)).toEqual({ status: "refused" });
    const again = sessions.close(`Bearer ${second.access.token}`);
    await expect(again).rejects.toMatchObject({ code: "invalid-token", status: 401 });
  });

  it("together with revokeAll, no session of the subject is left, not even one that is being refreshed", async () => {
    for (let time = 0; time < 10; time++) {
      const subject = `grace-${time}`;
      const [one, two] = [await open(subject), await open(subject)];
      const [answer] = await Promise.all([
        refresh(two.refreshToken),
        guard.revokeAll(`Bearer ${one.access.token}`, ({ tx }) => sessions.closeAll(tx, subject)),
      ]);
      const late = rotated(answer);
      for (const session of [one, two, ...(late ? [late] : [])]) {
        expect(await isValid(session)).toBe(false);
        expect(await refresh(session.refreshToken)).toEqual({ status: "refused" });
      }
    }
  });

  it("hands their scopes on", async () => {
    const first = await sessions.open(pool, "ada", { ...HOUR, scopes: ["read"] });
    const second = rotated(await refresh(first.refreshToken))!;
    expect(await guard.introspect(second.access.token)).toMatchObject({ scopes: ["read"] });
  });

  it("end by refresh token as well, once", async () => {
    const session = await open();
    expect(await sessions.revoke(session.refreshToken)).toBe(true);
    expect(await sessions.revoke(session.refreshToken)).toBe(false);
    expect(await isValid(session)).toBe(false);
    expect(await refresh(session.refreshToken)).toEqual({ status: "refused" });
  });

  describe("with a grace window", () => {
    const graceful = createSessions({ pool, tokens, schema, graceSeconds: 60 });
    const again = (token: string) => graceful.refresh(token, HOUR);

    it("give the same answer to the same refresh token, however many ask at once", async () => {
      const first = await open();
      const answers = await Promise.all(Array.from({ length: 5 }, () => again(first.refreshToken)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      const second = rotated(answers[0]!)!;
      expect(second.access.expiresAt).toBeInstanceOf(Date);
      expect(await isValid(second)).toBe(true);
      expect(rotated(await again(second.refreshToken))).toBeDefined();
    });

    it("end where the successor has been used already", async () => {
      const first = await open();
      const second = rotated(await again(first.refreshToken))!;
      const third = rotated(await again(second.refreshToken))!;
      expect(await again(first.refreshToken)).toEqual({ status: "refused" });
      for (const session of [first, second, third]) expect(await isValid(session)).toBe(false);
      expect(await again(third.refreshToken)).toEqual({ status: "refused" });
    });

    it("end where it comes after the window", async () => {
      const first = await open();
      const second = rotated(await again(first.refreshToken))!;
      await pool.query(`UPDATE ${schema}.refresh_tokens SET used_at = used_at - interval '61 s'`);
      expect(await again(first.refreshToken)).toEqual({ status: "refused" });
      expect(await isValid(second)).toBe(false);
    });

    it("keep the answer in a form that takes the token to read", async () => {
      const first = await open();
      const second = rotated(await again(first.refreshToken))!;
      const { rows } = await pool.query(
        `SELECT answer, encode(answer, 'escape') AS text FROM ${schema}.refresh_tokens WHERE token_sha256 = $1`,
        [tokenHash(first.refreshToken)],
      );
      expect(rows[0].text).not.toContain(second.refreshToken.slice(3, 20));
      expect(JSON.parse(unseal(rows[0].answer, first.refreshToken))).toMatchObject({
        refreshToken: second.refreshToken,
      });
      expect(() => unseal(rows[0].answer, second.refreshToken)).toThrow();
      const changed = Buffer.from(rows[0].answer);
      changed[changed.length - 1]! ^= 1;
      expect(() => unseal(changed, first.refreshToken)).toThrow();
    });
  });

  it("stores nothing that could be presented", async () => {
    const { refreshToken } = await open();
    const { rows } = await pool.query(
      `SELECT string_agg(t::text, ' ') AS all FROM ${schema}.refresh_tokens t`,
    );
    expect(rows[0].all).not.toContain(refreshToken.slice(3));
  });
});
