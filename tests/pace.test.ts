import { describe, expect, it } from "vitest";
import { scan as scanTarget } from "../packages/deadheat/src/index.ts";
import { type Accounts, accountsTarget, credential, unauthorized } from "./targets/accounts.ts";
import { type Call, type Reply, serve, sleep } from "./targets/api.ts";
import { configured } from "./targets/configured.ts";
import { Players, pointsDocument, pointsRoutes } from "./targets/points.ts";
import { lines, optionsFor } from "./targets/scanned.ts";

const now = () => performance.now();

/** An account with a token; `answered` may put another answer in the place of each. */
async function paced(answered: (call: Call, reply: Reply) => Reply, work?: (accounts: Accounts) => object) {
  const arrivals: { at: number; call: string; token: boolean }[] = [];
  const target = await accountsTarget({
    racy: false,
    answered(call, reply) {
      const token = credential(call) !== undefined;
      arrivals.push({ at: now(), call: `${call.method} ${call.path}`, token });
      return answered(call, reply);
    },
    routes: (accounts) => ({ ...work?.(accounts) }) as never,
  });
  const alice = target.accounts.add("alice", "Pw-of-alice-1");
  const env = { ALICE: alice ? target.accounts.issue(alice) : "" };
  return { target, arrivals, scan: (options: object = {}) => configured(target, YAML, { env, ...options }) };
}
const YAML = "principals: { alice: { token: { env: ALICE } } }";

describe.concurrent("an API that asks to be left alone is left alone", () => {
  it.each([
    ["by seconds, at set-up", "GET /me", () => ({ "retry-after": "3" })],
    [
      "by a date, at set-up",
      "GET /me",
      // Of a clock that is an hour ahead: only the difference counts.
      () => ({
        date: new Date(Date.now() + 3_600_000).toUTCString(),
        "retry-after": new Date(Date.now() + 3_603_000).toUTCString(),
      }),
    ],
    ["after a burst", "POST /points", () => ({ "retry-after": "3" })],
  ] as const)("%s", async (_name, call, headers) => {
    let limitedAt = 0;
    let calls = 0;
    const early: string[] = [];
    const { target, scan } = await paced(({ method, path }, reply) => {
      // What was on its way at the same time has not heard of it yet; on a busy machine that takes a while.
      if (limitedAt > 0 && now() - limitedAt > 1000 && now() - limitedAt < 2800)
        early.push(`${method} ${path}`);
      if (`${method} ${path}` !== call) return reply;
      calls++;
      const when = call === "GET /me" ? [3, 20] : [12, 40];
      if (!when.includes(calls)) return reply;
      limitedAt = now();
      return { status: 429, body: {}, headers: headers() };
    });
    await scan({ trials: 6 });
    await target.stop();
    expect(limitedAt).toBeGreaterThan(0);
    expect(early).toEqual([]);
  });

  it("for longer than a scan can wait: it ends, and says so", async () => {
    let calls = 0;
    // Those without a token find out which transport is the tighter.
    const { target, arrivals, scan } = await paced((call, reply) =>
      credential(call) === undefined || ++calls < 30
        ? reply
        : { status: 429, body: {}, headers: { "retry-after": "3600" } },
    );
    const started = now();
    const { outcomes } = await scan();
    await target.stop();
    expect(now() - started).toBeLessThan(10_000);
    expect(arrivals.filter(({ token }) => token).length).toBeLessThan(60);
    expect(outcomes[0]).toMatch(
      /^lost-update POST \/points: inconclusive \(.*asks not to be called for 3600 s/,
    );
  });
});

describe.concurrent("an API that is in trouble for good is not called for long", () => {
  it.each([
    [500, 60],
    [503, 60],
    [429, 60],
    // While it is learned what the operation does.
    [500, 6],
  ])("%i from call %i on", async (status, from) => {
    let calls = 0;
    let after = 0;
    const { target, scan } = await paced((call, reply) => {
      if (credential(call) === undefined || ++calls < from) return reply;
      after++;
      return { status, body: {}, ...(status === 429 ? { headers: { "retry-after": "0" } } : {}) };
    });
    const started = now();
    const { outcomes } = await scan({ trials: 60 });
    await target.stop();
    expect(now() - started).toBeLessThan(15_000);
    expect(after).toBeLessThan(120);
    expect(outcomes[0]).toMatch(new RegExp(`^lost-update POST /points: inconclusive \\(.*${status}`));
  });
});

describe.concurrent("budgets", () => {
  it("no more requests than --rate allows, bursts counted whole", async () => {
    const { target, arrivals, scan } = await paced((_call, reply) => reply);
    await scan({ ratePerSecond: 40, trials: 4, timeLimitMs: 3000 });
    await target.stop();
    const first = arrivals[0]?.at ?? 0;
    const last = arrivals.at(-1)?.at ?? 0;
    expect(arrivals.length).toBeGreaterThan(60);
    expect(arrivals.length / ((last - first) / 1000)).toBeLessThan(48);
  });

  it("no more requests than --requests, and what could not be judged for it says so", async () => {
    const { target, arrivals, scan } = await paced((_call, reply) => reply);
    const { outcomes, report } = await scan({ requestLimit: 60 });
    await target.stop();
    expect(arrivals.length).toBeLessThanOrEqual(60);
    expect(report.requests).toBeLessThanOrEqual(60);
    expect(outcomes[0]).toBe("lost-update POST /points: inconclusive (the budget of 60 requests is used up)");
  });

  it("no more time for a scenario than its limit", async () => {
    const slow = async (call: Call) => {
      await sleep(150);
      return call;
    };
    const { target, scan } = await paced(
      (_call, reply) => reply,
      (accounts) => ({
        "POST /points": async (call: Call) => {
          const account = accounts.holder(credential(call));
          if (!account) return unauthorized;
          await slow(call);
          account.points += call.body.points;
          return { status: 200, body: {} };
        },
      }),
    );
    const { report } = await scan({ trials: 1000, timeLimitMs: 2000 });
    await target.stop();
    const [points] = report.outcomes;
    expect(points?.status).toBe("not-observed");
    expect(points?.trials).toBeGreaterThan(2);
    expect(points?.trials).toBeLessThan(20);
    expect(report.durationMs).toBeLessThan(15_000);
  });
});

describe("a seed", () => {
  /**
   * What arrived until the last trial was over, request by request, but for the names that are made up anew. How often it
   * is looked afterwards whether requests overlap is up to the machine.
   */
  async function recorded(seed: string): Promise<string[]> {
    const bodies: string[] = [];
    let racing = true;
    const players = new Players();
    const { "POST /points": _racy, ...routes } = pointsRoutes(players);
    const target = await serve(
      {
        ...routes,
        "POST /points": async (call) => {
          const player = players.byToken.get(call.token);
          if (!player) return unauthorized;
          if (racing) bodies.push(JSON.stringify(call.body));
          await sleep(5);
          player.points += call.body.points;
          return { status: 200, body: {} };
        },
      },
      pointsDocument({ "/signout": {} }),
    );
    const options = { seed, trials: 8, weaknesses: ["lost-update"] };
    for await (const event of scanTarget(optionsFor(target, options))) {
      if (event.type === "trial" && event.done === event.planned) racing = false;
      if (event.type === "ended")
        expect(lines(event.report)).toEqual(["lost-update POST /points: not-observed"]);
    }
    await target.stop();
    return bodies;
  }

  it("sends the same again, and another something else", async () => {
    const [first, second, other] = [await recorded("one"), await recorded("one"), await recorded("two")];
    expect(first.length).toBeGreaterThan(60);
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
