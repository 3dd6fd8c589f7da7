import { describe, expect, it } from "vitest";
import type { Candidate } from "../plan/plan.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { runScenario } from "./run.ts";
import type { Prepared, Trial } from "./scenarios/index.ts";

const context = {
  clock: { now: () => 0, sleep: async () => {} },
  signal: new AbortController().signal,
  uuid: () => "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
} as unknown as RaceContext;
const candidate = { act: { operation: { method: "POST", path: "/x" } } } as Candidate;
const stats = { configs: 1, ms: 0 };

/** The amount tells which trial it is. */
const scheduleOf = (index: number): Schedule => ({
  transport: "http1",
  requests: 2,
  amount: index,
  tokens: 1,
  offsetMs: 0,
});

function trial(verdict: "race" | "linearizable" | "unknown", rest: Partial<Trial> = {}): Trial {
  return {
    schedule: scheduleOf(0),
    release: 0,
    history: [{ id: "r1", process: "c1", invoke: 0, return: 1, input: {}, outcome: "ok" }],
    calls: new Map(),
    overlapped: true,
    result: { verdict, stats },
    summary: "",
    confirm: async () => "same",
    replaySerially: async () => ({ verdict: "linearizable", stats }),
    faults: { faults: 0, sent: 2 },
    ...rest,
  };
}

async function outcome(next: (index: number) => Trial, overlaps = true, trials = 60) {
  const prepared: Prepared = {
    model: "m",
    controls: [],
    visibilityMs: 0,
    schedule: scheduleOf,
    trial: async ({ amount }) => next(amount),
  };
  const scenario = { weakness: "w" };
  const parallelism = async () => ({ factor: overlaps ? 4 : 1, overlaps });
  const options = { trials, timeLimitMs: 1000, onTrial: () => {} };
  return runScenario(context, scenario, candidate, async () => prepared, parallelism, options);
}

describe("what becomes of a planned race", () => {
  it("a race that holds is proven, with a rate from later trials only", async () => {
    let proofs = 0;
    const { outcome: result, evidence } = await outcome((index) =>
      trial(index === 2 && proofs++ === 0 ? "race" : "linearizable"),
    );
    expect(result).toMatchObject({ status: "proven", trials: 3, overlapped: 3 });
    expect(evidence?.rate).toMatchObject({ races: 0, trials: 10 });
  });

  it("silence has a bound, over overlapped trials only", async () => {
    const { outcome: result } = await outcome((index) =>
      trial("linearizable", { overlapped: index % 2 === 0 }),
    );
    expect(result).toMatchObject({ status: "not-observed", trials: 60, overlapped: 30 });
    expect(result.bound).toBeCloseTo(1 - 0.05 ** (1 / 30));
  });

  it.each<[string, Partial<Trial>, RegExp]>([
    ["whose state changed by itself", { confirm: async () => "changed" }, /changed by itself/],
    ["whose state cannot be read again", { confirm: async () => "unreadable" }, /could not be read again/],
    [
      "that also shows one at a time",
      { replaySerially: async () => ({ verdict: "race", stats }) },
      /one at a time also/,
    ],
    [
      "whose replay could not be judged",
      { replaySerially: async () => ({ verdict: "unknown", stats }) },
      /one at a time/,
    ],
  ])("a race %s is no proof", async (_name, rest, reason) => {
    const { outcome: result, evidence } = await outcome(() => trial("race", rest));
    expect(result.status).toBe("inconclusive");
    expect(result.reason).toMatch(reason);
    expect(evidence).toBeUndefined();
  });

  it("a target that works on one request at a time is inconclusive, however clean", async () => {
    const { outcome: result } = await outcome(() => trial("linearizable"), false);
    expect(result).toMatchObject({ status: "inconclusive", overlapped: 0 });
    expect(result.reason).toMatch(/requests cannot overlap/);
  });

  it("trials without overlap prove nothing and bound nothing", async () => {
    const { outcome: result } = await outcome(() => trial("race", { overlapped: false }));
    expect(result).toMatchObject({ status: "inconclusive", reason: "requests did not overlap" });
  });

  it("a budget stop of the oracle counts for nothing", async () => {
    const { outcome: result } = await outcome(() => trial("unknown"));
    expect(result).toMatchObject({ status: "inconclusive", overlapped: 0 });
  });

  it("one failed set-up does not end the others", async () => {
    const { outcome: result } = await outcome((index) => {
      if (index === 3) throw new SetupFailed("closed");
      return trial("linearizable");
    });
    expect(result).toMatchObject({ status: "not-observed", trials: 60, overlapped: 59 });
  });

  it("a failed set-up says which", async () => {
    const { outcome: result } = await outcome(() => {
      throw new SetupFailed("createUser answered 503");
    });
    expect(result).toMatchObject({ status: "inconclusive", reason: "createUser answered 503" });
  });

  it("a model that does not fit is said, and nothing is raced", async () => {
    const prepare = async () => ({ status: "model-unfit", reason: "control" }) as const;
    const options = { trials: 1, timeLimitMs: 1, onTrial: () => {} };
    const never = async () => {
      throw new Error("measured");
    };
    const { outcome: result } = await runScenario(
      context,
      { weakness: "w" },
      candidate,
      prepare,
      never,
      options,
    );
    expect(result).toMatchObject({ status: "model-unfit", trials: 0 });
  });
});
