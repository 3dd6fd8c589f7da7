import { describe, expect, it } from "vitest";
import type { Candidate } from "../plan/plan.ts";
import { seededRandom } from "../random.ts";
import type { RaceContext } from "./context.ts";
import { runScenario } from "./run.ts";
import type { Prepared, Trial } from "./scenarios/index.ts";

const candidate = { act: { operation: { method: "POST", path: "/x" } } } as Candidate;
const stats = { configs: 1, ms: 0 };

interface Limit {
  /** Of a day, ms: the moments at which the limit of every object starts again. */
  startsAgain(from: number, to: number): boolean;
  /** How often two that race both take effect, since nothing keeps them apart. */
  readonly racy?: number;
}

/** A limit on objects, raced in a world whose time passes only where somebody waits or sends. */
async function outcomeOf(seed: number, limit: Limit) {
  const random = seededRandom(seed);
  let now = 0;
  /** The uses that are made before, and the two that race: what it takes varies. */
  const requests = () => {
    const from = now;
    now += 30 + random.integer(0, 90);
    return limit.startsAgain(from, now);
  };
  const trial = (): Trial => {
    const startedAgain = requests();
    const race = startedAgain || random.integer(0, 999) < 1000 * (limit.racy ?? 0);
    return {
      schedule: { transport: "http1", requests: 2, amount: 1, tokens: 1, offsetMs: 0 },
      release: 0,
      history: [{ id: "r1", process: "c1", invoke: 0, return: 1, input: {}, outcome: "ok" }],
      calls: new Map(),
      overlapped: true,
      result: { verdict: race ? "race" : "linearizable", stats },
      summary: "",
      confirm: async () => "same",
      replaySerially: async () => ({ verdict: requests() ? "race" : "linearizable", stats }),
      faults: { faults: 0, sent: 2 },
      useUp: async () => {
        requests();
        const usedUp = now;
        return async () => !limit.startsAgain(usedUp, now);
      },
    };
  };
  const prepared: Prepared = {
    model: "limit:3",
    limited: true,
    controls: [],
    visibilityMs: 0,
    schedule: () => ({ transport: "http1", requests: 2, amount: 1, tokens: 1, offsetMs: 0 }),
    trial: async () => trial(),
  };
  const context = {
    clock: {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    },
    signal: new AbortController().signal,
    uuid: () => "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
  } as unknown as RaceContext;
  const options = { trials: 60, timeLimitMs: 600_000, onTrial: () => {} };
  const parallelism = async () => ({ factor: 4, overlaps: true });
  const scenario = { weakness: "limit-overrun" };
  return runScenario(context, scenario, candidate, async () => prepared, parallelism, options);
}

/** Every so many ms, from some moment on. */
const every = (period: number, phase: number) => (from: number, to: number) =>
  Math.floor((from + phase) / period) < Math.floor((to + phase) / period);

describe("a limit that starts again by the clock, and is right", () => {
  it.each([200, 700, 1000, 2500, 6000, 20_000, 60_000])("is never proven: every %i ms", async (period) => {
    let doubted = 0;
    for (let seed = 0; seed < 150; seed++) {
      const phase = seededRandom(seed * 7919 + period).integer(0, period - 1);
      const { outcome } = await outcomeOf(seed + period, { startsAgain: every(period, phase) });
      expect(outcome.status, `${seed}: ${outcome.reason}`).not.toBe("proven");
      if (outcome.reason?.includes("by the clock")) doubted++;
    }
    // It is these controls that keep it from being proven, not only those before them.
    expect(doubted).toBeGreaterThan(0);
  });

  it("is never proven where it starts again at moments of an adversary's choice", async () => {
    for (let seed = 0; seed < 150; seed++) {
      const random = seededRandom(seed + 1_000_003);
      const moments: number[] = [];
      // Close together for a while, then long silence, and again.
      for (let at = 0; at < 600_000; ) {
        at += random.integer(0, 3) === 0 ? random.integer(5000, 60_000) : random.integer(20, 2000);
        moments.push(at);
      }
      const startsAgain = (from: number, to: number) => moments.some((at) => from < at && at <= to);
      const { outcome } = await outcomeOf(seed, { startsAgain });
      expect(outcome.status, `${seed}: ${outcome.reason}`).not.toBe("proven");
    }
  });
});

describe("a limit that two can break", () => {
  it.each([1, 0.3, 0.1])("is proven where %d of the trials show it", async (racy) => {
    for (let seed = 0; seed < 50; seed++) {
      const { outcome, evidence } = await outcomeOf(seed, {
        racy,
        startsAgain: () => false,
      });
      expect(outcome.status, `${seed}: ${outcome.reason}`).toBe("proven");
      expect(evidence?.controls.at(-1)).toMatch(/^it was seen again/);
    }
  });

  it("is proven though it starts again each minute", async () => {
    let proven = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { outcome } = await outcomeOf(seed, { racy: 0.8, startsAgain: every(60_000, 0) });
      if (outcome.status === "proven") proven++;
    }
    expect(proven).toBeGreaterThan(95);
  });
});
