import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedLayers, racyLayers } from "../../layers.ts";
import { PASSWORD } from "../../testing/client.ts";
import { type ServedHalf, serveHalf } from "../../testing/half.ts";
import { burst, endedAtLast, endedFirst, type Midway } from "../../testing/midway.ts";
import { postgresForTests } from "../../testing/postgres.ts";
import { eventually } from "../../testing/traces.ts";
import { SUITES } from "../index.ts";

const server = await postgresForTests();
let racy: ServedHalf;
let guarded: ServedHalf;
const accepted = <Answer extends { status: number }>(answers: readonly Answer[]): Answer[] =>
  answers.filter(({ status }) => status < 300);
const profileOf = async ({ call }: ServedHalf, token: string) =>
  (await call("GET", "/profile", undefined, token)).body;

async function neverLate(midway: Midway): Promise<void> {
  const { answer, acknowledged, after } = await endedAtLast(midway);
  expect(after).toEqual(acknowledged);
  // Whether it came first or too late is its own affair; what it says has to fit.
  expect(answer === 200).toBe(after !== 0 && after !== "before");
}

describe.skipIf(!server)("the racy twins race, and the guarded ones do not:", () => {
  beforeAll(async () => {
    const suites = [await SUITES.tokens.load({})];
    const { url } = server!;
    racy = await serveHalf({ url, schema: "racy" }, (half) => racyLayers(half, suites));
    guarded = await serveHalf({ url, schema: "guarded" }, (half) => guardedLayers(half, undefined, suites));
  });
  afterAll(async () => {
    await racy?.stop();
    await guarded?.stop();
    await server?.stop();
  });

  describe("a refresh token presented eight times at once", () => {
    const successors = async ({ gate, call, register }: ServedHalf) => {
      const { refresh_token } = await register();
      const answers = await burst(gate, 8, () => call("POST", "/tokens/refresh", { refresh_token }));
      return accepted(answers).map(({ body }) => body);
    };
    const live = async ({ call }: ServedHalf, sessions: { access_token: string }[]) =>
      accepted(await Promise.all(sessions.map((one) => call("GET", "/profile", undefined, one.access_token))))
        .length;

    it("racy: has eight successors, and all of them live", async () => {
      const all = await successors(racy);
      expect(all).toHaveLength(8);
      expect(await live(racy, all)).toBe(8);
      const next = all.map(({ refresh_token }) => racy.call("POST", "/tokens/refresh", { refresh_token }));
      expect(accepted(await Promise.all(next))).toHaveLength(8);
    });

    it("guarded: has one, which the others end", async () => {
      const all = await successors(guarded);
      expect(all).toHaveLength(1);
      expect(await live(guarded, all)).toBe(0);
      const { refresh_token } = all[0];
      expect((await guarded.call("POST", "/tokens/refresh", { refresh_token })).status).toBe(400);
    });
  });

  describe("a one-time code presented five times at once", () => {
    const sessions = async ({ gate, call, register }: ServedHalf) => {
      const { username } = await register();
      const { id, code } = (await call("POST", "/codes", { username })).body;
      const answers = await burst(gate, 5, () => call("POST", `/codes/${id}/redeem`, { code }));
      const looks = accepted(answers).map(({ body }) =>
        call("GET", "/profile", undefined, body.access_token),
      );
      return accepted(await Promise.all(looks)).length;
    };

    it("racy: opens five sessions", async () => expect(await sessions(racy)).toBe(5));
    it("guarded: opens one", async () => expect(await sessions(guarded)).toBe(1));
  });

  describe("points, under a token that ends meanwhile", () => {
    const points = ({ call }: ServedHalf, token: string) =>
      call("POST", "/profile/points", { points: 7 }, token);

    const revoked = async (half: ServedHalf): Promise<Midway> => {
      const { username, access_token } = await half.register();
      const observer = await half.login(username);
      return {
        gate: half.gate,
        act: () => points(half, access_token),
        end: () => half.call("POST", "/logout", undefined, access_token),
        look: async () => (await profileOf(half, observer)).points,
      };
    };

    const expired = async (half: ServedHalf): Promise<Midway> => {
      const { username, access_token: observer } = await half.register();
      const session = await half.call("POST", "/sessions", { username, password: PASSWORD, ttl: 2 });
      // By then it has expired: it was issued before it was answered.
      const end = performance.now() + 2_000;
      return {
        gate: half.gate,
        act: () => points(half, session.body.access_token),
        end: () => sleep(Math.max(0, end - performance.now())),
        look: async () => (await profileOf(half, observer)).points,
      };
    };
    const late = { answer: 200, acknowledged: 0, after: 7 };

    it("racy: appear after the log-out was acknowledged", async () => {
      expect(await endedFirst(await revoked(racy))).toEqual(late);
    });
    it("guarded: are there when it is, or never", async () => neverLate(await revoked(guarded)));
    it("racy: appear after the token has expired", async () => {
      expect(await endedFirst(await expired(racy))).toEqual(late);
    });
    it("guarded: do not, and the call is refused", async () => {
      const seen = await endedFirst(await expired(guarded));
      expect(seen).toEqual({ answer: 401, acknowledged: 0, after: 0 });
    });
  });

  describe("stamps, added at once", () => {
    let collectors = 0;
    const stamps = async ({ gate, call, login }: ServedHalf, tokens: number, held: number) => {
      const username = `collector-${++collectors}`;
      const all = await Promise.all(Array.from({ length: tokens }, () => login(username)));
      const add = (index: number) => call("POST", "/profile/stamps", { stamps: 1 }, all[index % tokens]);
      expect(accepted(await burst(gate, 6, add, held))).toHaveLength(6);
      return (await call("GET", "/profile", undefined, all[0])).body.stamps;
    };

    // Whoever comes with a token that is in use has to wait for its row.
    it("racy: under one token all count", async () => expect(await stamps(racy, 1, 1)).toBe(6));
    it("racy: under two tokens of one user some are lost", async () => {
      expect(await stamps(racy, 2, 2)).toBeLessThan(6);
    });
    it("guarded: all count, whatever the tokens", async () => {
      expect(await stamps(guarded, 1, 6)).toBe(6);
      expect(await stamps(guarded, 2, 6)).toBe(6);
    });
    it("both: a log-out waits for them", async () => {
      for (const half of [racy, guarded]) {
        const { username, access_token } = await half.register();
        const observer = await half.login(username);
        await neverLate({
          gate: half.gate,
          act: () => half.call("POST", "/profile/stamps", { stamps: 1 }, access_token),
          end: () => half.call("POST", "/logout", undefined, access_token),
          look: async () => (await profileOf(half, observer)).stamps,
        });
      }
    });
  });

  describe("a budget, raised by a manager who is demoted meanwhile", () => {
    const demoted = async ({ gate, call, register }: ServedHalf): Promise<Midway> => {
      const [admin, manager] = [await register(), await register()];
      const { id } = (await call("POST", "/teams", { name: "engines" }, admin.access_token)).body;
      const role = (role: string) =>
        call("PUT", `/teams/${id}/members/${manager.id}/role`, { role }, admin.access_token);
      await role("manager");
      return {
        gate,
        act: () => call("POST", `/teams/${id}/budget`, { amount: 10 }, manager.access_token),
        end: () => role("member"),
        look: async () => (await call("GET", `/teams/${id}`, undefined, admin.access_token)).body.budget,
      };
    };

    it("racy: rises after the demotion was acknowledged", async () => {
      expect(await endedFirst(await demoted(racy))).toEqual({ answer: 200, acknowledged: 0, after: 10 });
    });
    it("guarded: does not", async () => neverLate(await demoted(guarded)));

    it("guarded: a demotion waits for a raise that has looked at the role and not yet written", async () => {
      const { act, end, look } = await demoted(guarded);
      const client = new pg.Client({ connectionString: server!.url });
      await client.connect();
      // Keeps the raise from writing, and nobody from anything else.
      await client.query("BEGIN; LOCK TABLE guarded.teams IN SHARE ROW EXCLUSIVE MODE");
      const [raise, order] = [act(), [] as string[]];
      const waits = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'guarded.teams'::regclass";
      await eventually(
        async () => (await client.query(waits)).rowCount,
        (waiting) => waiting === 1,
      );
      const demotion = end().then(() => order.push("demoted"));
      await sleep(300);
      expect(order).toEqual([]);
      await client.query("COMMIT");
      await client.end();
      await demotion;
      expect(await look()).toBe(10);
      expect((await raise).status).toBe(200);
    });

    it("guarded: a demotion among many raises comes through, and ends them", async () => {
      const { act, end, look } = await demoted(guarded);
      let demotedNow = false;
      const raising = Array.from({ length: 8 }, async () => {
        let raised = 0;
        while ((await act()).status === 200) raised++;
        expect(demotedNow).toBe(true);
        return 10 * raised;
      });
      await sleep(100);
      demotedNow = true;
      await end();
      const acknowledged = await look();
      const all = (await Promise.all(raising)).reduce((sum, raised) => sum + raised, 0);
      expect(await look()).toBe(all);
      expect(acknowledged).toBe(all);
    });
  });

  describe("a document, edited by an owner who gives it away meanwhile", () => {
    const given = async ({ gate, call, register }: ServedHalf): Promise<Midway> => {
      const [giver, taker] = [await register(), await register()];
      const document = { title: "Notes", content: "before" };
      const { id } = (await call("POST", "/documents", document, giver.access_token)).body;
      return {
        gate,
        act: () => call("PATCH", `/documents/${id}`, { content: "late" }, giver.access_token),
        end: () => call("POST", `/documents/${id}/transfer`, { to: taker.id }, giver.access_token),
        look: async () => (await call("GET", `/documents/${id}`, undefined, taker.access_token)).body.content,
      };
    };

    it("racy: changes under its new owner", async () => {
      const late = { answer: 200, acknowledged: "before", after: "late" };
      expect(await endedFirst(await given(racy))).toEqual(late);
    });
    it("guarded: does not", async () => neverLate(await given(guarded)));
  });

  describe("a deposit, sent five times at once", () => {
    const send = async ({ gate, call, login }: ServedHalf, key: (index: number) => string, held: number) => {
      const token = await login();
      const deposit = (index: number) =>
        call("POST", "/deposits", { amount: 10 }, token, { "idempotency-key": key(index) });
      const answers = await burst(gate, 5, deposit, held);
      const { balance } = (await call("GET", "/profile", undefined, token)).body;
      return { statuses: answers.map(({ status }) => status), balance, again: () => deposit(0) };
    };

    it("racy: counts five times with one key", async () => {
      expect((await send(racy, () => "same", 5)).balance).toBe(50);
    });

    it("guarded: counts once, and whoever comes while it is worked on is told so", async () => {
      const { gate, call, login } = guarded;
      const token = await login();
      const deposit = () => call("POST", "/deposits", { amount: 10 }, token, { "idempotency-key": "same" });
      const thinking = gate.hold(1);
      const first = deposit();
      await thinking;
      const others = await Promise.all(Array.from({ length: 4 }, deposit));
      expect(others.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
      gate.open();
      const { status, body } = await first;
      expect(status).toBe(201);
      expect((await deposit()).body).toEqual(body);
      expect((await profileOf(guarded, token)).balance).toBe(10);
    });

    it("guarded: counts once, whenever they come", async () => {
      const { statuses, balance, again } = await send(guarded, () => "same", 1);
      expect(balance).toBe(10);
      expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
      expect((await again()).status).toBe(201);
    });

    it("both: counts as often as there are keys", async () => {
      for (const half of [racy, guarded]) expect((await send(half, String, 5)).balance).toBe(50);
    });
  });
});
