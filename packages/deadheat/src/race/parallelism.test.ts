import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.ts";
import type { RaceContext } from "./context.ts";
import type { HttpRequest } from "./exchange.ts";
import { type IndependentCalls, measureOverlap } from "./parallelism.ts";
import type { Burst, ScheduledRequest } from "./transport/index.ts";

const request = (path: string): HttpRequest => ({ method: "POST", path, headers: {} });
const CALLS: IndependentCalls = {
  fresh: async () => request("/work"),
  refused: request("/refused"),
  read: async () => request("/read"),
  latencyMs: 3,
};

interface Server {
  /** How many are worked on at once. */
  readonly workers: number;
  /** Work of a call and of a read, ms; a refusal takes none. */
  readonly work: number;
  readonly read: number;
  /** The way there takes between 0 and so many ms. */
  readonly jitter: number;
  readonly refusesAll?: true;
  /** A call is refused for the one beside it: a serializable database, a version that all share. */
  readonly refusesTogether?: true;
}

/** When each request is answered by a server of so many workers, on a way that takes its time. */
function answered(server: Server, requests: readonly ScheduledRequest[], random: () => number): Burst {
  const waiting = requests.map(({ request: { path }, offsetMs }, index) => ({
    index,
    arrival: 0.1 + offsetMs + server.jitter * random(),
    work: path === "/refused" ? 0.01 : path === "/read" ? server.read : server.work,
  }));
  const free = Array.from({ length: server.workers }, () => 0);
  const returns: number[] = [];
  while (waiting.length > 0) {
    free.sort((a, b) => a - b);
    const now = Math.max(free[0] as number, Math.min(...waiting.map((one) => one.arrival)));
    const here = waiting.filter((one) => one.arrival <= now).sort((a, b) => a.arrival - b.arrival);
    const next = here[0] as (typeof waiting)[number];
    waiting.splice(waiting.indexOf(next), 1);
    free[0] = now + next.work;
    returns[next.index] = now + next.work + server.jitter * random();
  }
  const works = requests.filter(({ request: { path } }) => path === "/work").length;
  const refuses = server.refusesAll || (server.refusesTogether && works > 1);
  const exchanges = requests.map(({ request: { path }, offsetMs }, index) => ({
    invoke: offsetMs,
    return: returns[index] as number,
    status: refuses || path === "/refused" ? 401 : 200,
    headers: {},
    body: {},
  }));
  return { release: 0, exchanges } as unknown as Burst;
}

type Shown = NonNullable<RaceContext["overlapShown"]>;

async function measure(
  server: Server,
  seed = 1,
  overlapShown: Shown = {},
  sent: (requests: readonly ScheduledRequest[]) => void = () => {},
) {
  const random = seededRandom(seed);
  const transport = {
    name: "http1",
    label: "http1",
    async burst(_target: unknown, requests: readonly ScheduledRequest[]) {
      sent(requests);
      return answered(server, requests, () => random.next());
    },
  };
  const context = {
    transports: [transport],
    overlapShown,
    choice: { sent: () => {}, failed: () => {} },
    clock: { now: () => 0, sleep: async () => {} },
    signal: new AbortController().signal,
    budget: { limit: 1e9, spent: 0 },
    pacing: { before: async () => {}, later: () => {} },
    inventory: { saw: () => {} },
    timeoutMs: 1000,
  } as unknown as RaceContext;
  return measureOverlap(context, CALLS);
}

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1);
const QUICK = { work: 3, read: 1.5, jitter: 0.2 };

describe("whether requests overlap", () => {
  it("is told by reads that overtake calls, also where one call is too short to be overtaken", async () => {
    expect(await measure({ ...QUICK, workers: 8, work: 5 })).toEqual({ overlaps: true });
    expect(await measure({ ...QUICK, workers: 16, work: 40 })).toEqual({ overlaps: true });
  });

  it.each([
    ["where reads take longer than calls", { ...QUICK, workers: 16, read: 9 }],
    ["where a read waits as a call does", { ...QUICK, workers: 4, read: 3 }],
  ])("is told by speed %s", async (_, server) => {
    const { overlaps, factor } = await measure(server);
    expect(overlaps).toBe(true);
    expect(factor).toBeGreaterThan(2);
  });

  it.each([
    ["one after another", QUICK],
    ["one after another, on a way that changes their order", { ...QUICK, jitter: 6 }],
    ["one after another, reads in no time", { ...QUICK, read: 0.01, jitter: 3 }],
  ])("is not told of a server that takes them %s", async (_, server) => {
    for (const seed of SEEDS)
      expect(await measure({ ...server, workers: 1 }, seed)).toMatchObject({ overlaps: false });
  });

  it("is looked for first in what showed it before, and in the other where that shows nothing", async () => {
    const shown: Shown = {};
    let late = 0;
    const sent = (requests: readonly ScheduledRequest[]) => {
      if (requests.some(({ offsetMs }) => offsetMs > 0)) late++;
    };
    const slowReads = { ...QUICK, workers: 16, read: 9 };
    expect(await measure(slowReads, 1, shown, sent)).toMatchObject({ overlaps: true });
    expect(shown).toEqual({ by: "speed" });
    expect(late).toBeGreaterThan(0);
    late = 0;
    expect(await measure(slowReads, 1, shown, sent)).toMatchObject({ overlaps: true });
    expect(late).toBe(0);
    for (const seed of SEEDS)
      expect(await measure({ ...QUICK, workers: 1 }, seed, { by: "speed" })).toMatchObject({
        overlaps: false,
      });
    // Two at once are no faster than 2.
    expect(await measure({ ...QUICK, workers: 2, work: 5 }, 1, shown)).toEqual({ overlaps: true });
    expect(shown).toEqual({ by: "order" });
  });

  it("is told where calls are refused for each other, and few reads overtake the one that is alone", async () => {
    for (const seed of SEEDS)
      expect(
        await measure({ workers: 8, work: 3, read: 1.5, jitter: 0.5, refusesTogether: true }, seed),
      ).toEqual({ overlaps: true });
  });

  it("cannot be told where all is refused", async () => {
    expect(await measure({ ...QUICK, workers: 4, refusesAll: true })).toEqual({ overlaps: false });
  });
});
