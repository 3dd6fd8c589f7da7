import { describe, expect, it } from "vitest";
import type { Operation } from "../../plan/operation.ts";
import type { Candidate } from "../../plan/plan.ts";
import { seededRandom } from "../../random.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import type { RaceContext } from "../context.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import type { Behaviour } from "../learn.ts";
import { present, type Token } from "../token.ts";
import { endOf, expiryRace } from "./expiry-race.ts";
import type { LearnedScenario } from "./scenario.ts";

const operation = (method: string, path: string, body?: object) =>
  ({
    id: `${method} ${path}`,
    method,
    path,
    headers: {},
    freshHeaders: [],
    query: {},
    body,
  }) as unknown as Operation;
const read = operation("GET", "/me");
const act = {
  operation: operation("POST", "/points", {
    mediaType: "application/json",
    required: true,
    sample: { points: 1 },
    slots: [{ pointer: "/points", type: "integer", required: true }],
  }),
  scheme: "session",
  links: [],
  references: [],
  observers: [read],
} as unknown as Candidate["act"];
const behaviour = {
  act,
  fit: {
    family: "counter",
    gauge: { observer: read, pointer: "/points" },
    effectOf: (amounts: Record<string, number>) => amounts["/points"],
  },
  others: [],
  visibilityMs: 0,
  latency: { shortest: 1, median: 1 },
  refusals: new Set<number>(),
} as unknown as Behaviour;

interface Api {
  /** What a call and a read take, ms; a token is looked at when they begin. */
  readonly callMs: number;
  readonly readMs: number;
  readonly lifeMs: number;
  /** Its tokens tell their times in whole seconds: one that is issued at 7.9 s ends as one that is issued at 7 s. */
  readonly wholeSeconds: boolean;
  /** Where in a second it all begins, ms. */
  readonly beginsAt?: number;
}

/** What comes of an API before its first trial. Nothing but its own time passes. */
async function prepared({ callMs, readMs, lifeMs, wholeSeconds, beginsAt = 0 }: Api) {
  const clock = new VirtualClock();
  const issued = new Map<string, { user: { points: number }; ends: number }>();
  const answer = (request: HttpRequest, invoke: number, status: number, body: unknown = {}): Exchange => ({
    request,
    invoke,
    return: clock.now(),
    status,
    headers: {},
    body,
  });
  const send = async (request: HttpRequest): Promise<Exchange> => {
    const invoke = clock.now();
    const token = issued.get(request.headers.authorization ?? "");
    const valid = token && invoke < token.ends;
    if (!valid) return clock.sleep(1).then(() => answer(request, invoke, 401));
    if (request.method === "GET") {
      const { points } = token.user;
      return clock.sleep(readMs).then(() => answer(request, invoke, 200, { points }));
    }
    await clock.sleep(callMs);
    token.user.points += JSON.parse(request.body ?? "").points;
    return answer(request, invoke, 200);
  };
  let count = 0;
  const issue = (user: { points: number }, ends: number): Token => {
    const token = present(`t${++count}`, { header: "authorization", keyword: "Bearer" });
    issued.set(`Bearer ${token.value}`, { user, ends });
    return token;
  };
  const mint = async () => {
    await clock.sleep(130);
    const user = { points: 0 };
    const brief = async () => {
      const now = clock.now();
      const token = issue(user, lifeMs + (wholeSeconds ? Math.floor(now / 1000) * 1000 : now));
      await clock.sleep(5);
      return { ...token, expires: clock.now() + lifeMs };
    };
    return { token: issue(user, Number.POSITIVE_INFINITY), answers: new Map(), brief };
  };
  const { signal } = new AbortController();
  const context = {
    clock,
    signal,
    random: seededRandom(1),
    session: { send },
    credentials: new Map([["session", { probe: read, mint }]]),
    transports: [],
    unique: () => "x",
    uuid: () => "00000000-0000-4000-8000-000000000000",
  } as unknown as RaceContext;
  const { prepare } = expiryRace as LearnedScenario;
  return clock.run(clock.sleep(beginsAt).then(() => prepare(context, { act } as Candidate, behaviour)));
}

describe("the control runs before a token's end is raced", () => {
  it.each([
    ["shorter than its life", 20, 5],
    ["about as long", 120, 30],
    ["longer than its life", 300, 100],
  ])("fit the model where they are %s", async (_, callMs, readMs) => {
    for (const lifeMs of [2000, 3000, 5000])
      for (const wholeSeconds of [true, false])
        for (const beginsAt of [0, 200, 400, 600, 800]) {
          const api = { callMs, readMs, lifeMs, wholeSeconds, beginsAt };
          expect(await prepared(api), JSON.stringify(api)).not.toHaveProperty("reason");
        }
  });

  it("say so where a call is not done before the token's end", async () => {
    const api = { callMs: 50, readMs: 900, lifeMs: 2000, wholeSeconds: true };
    expect(await prepared(api)).toMatchObject({
      status: "inconclusive",
      reason: expect.stringMatching(/^its authority ended before/),
    });
  });
});

describe("when tokens end", () => {
  const ends = (...seen: readonly [worked: number, refused: number, took: number][]) =>
    endOf(seen.map(([worked, refused, took]) => ({ worked, refused, took, leeway: 0 })));

  it("is known where all end alike, also where a busy machine sees it late or was told late of a token", () => {
    expect(ends([-3, 1, 2], [-4, 2, 2], [-1, 1, 3])).toEqual({ leeway: 0, early: 41, lag: -1 });
    expect(ends([-3, 1, 2], [-60, 90, 2], [-2, 180, 3])).toMatchObject({ lag: 15 });
    expect(ends([-3, 1, 2], [-90, -80, 100], [-2, 1, 3])).toMatchObject({ lag: -1 });
  });

  it("is not known where they end on whole seconds", () => {
    expect(ends([-303, -299, 2], [-454, -450, 2], [-601, -595, 3])).toEqual({ leeway: 0, early: 1000 });
    expect(ends([-340, -290, 60], [-520, -450, 50], [-680, -595, 40])).not.toHaveProperty("lag");
  });
});
