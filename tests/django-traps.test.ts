import { describe, expect, it } from "vitest";
import type { Report } from "../packages/deadheat/src/index.ts";
import type { Target } from "./targets/api.ts";
import { type Counting, earlyTarget } from "./targets/early.ts";
import { lines, scanned } from "./targets/scanned.ts";
import { type Adding, unevenTarget } from "./targets/uneven.ts";

/**
 * What servers of Django's kind do to whoever measures them. Two more of these traps are elsewhere: a 200 that
 * arrives after the revocation's answer (hostile.test.ts), and answers that carry one and the same pair of tokens
 * (token-scenarios.test.ts).
 */
const RACES = ["lost-update", "revocation-race", "lock-hold"];

async function reportOf(start: Promise<Target>, trials: number): Promise<Report> {
  const target = await start;
  try {
    return (await scanned(target, { trials, weaknesses: RACES })).report;
  } finally {
    await target.stop();
  }
}

describe("a handler that runs when the headers are there", () => {
  it.each<[Counting, RegExp]>([
    ["at the head", /: not-observed$/],
    ["after the body", /: proven$/],
  ])("counted %s: a call starts when its first byte leaves, not its last", async (counting, expected) => {
    // The first trial holds the last byte back.
    const outcomes = lines(await reportOf(earlyTarget(counting), 1));
    const revocation = outcomes.find((line) => line.startsWith("revocation-race POST /notes"));
    expect(revocation).toMatch(expected);
    expect(outcomes.find((line) => line.startsWith("lost-update POST /notes"))).toMatch(/not-observed$/);
    expect(outcomes.find((line) => line.startsWith("lock-hold POST /notes"))).not.toMatch(/proven/);
  });
});

describe("a first burst that is slower than the rest", () => {
  it.each<[Adding, RegExp]>([
    ["in place", /: not-observed$/],
    ["read, then written", /: proven$/],
  ])("%s", async (adding, expected) => {
    const outcomes = lines(await reportOf(unevenTarget(adding, { coldStart: true }), 8));
    expect(outcomes.find((line) => line.startsWith("lost-update POST /points"))).toMatch(expected);
    expect(outcomes.find((line) => line.startsWith("revocation-race POST /points"))).toMatch(/not-observed$/);
    expect(outcomes.find((line) => line.startsWith("lock-hold POST /points"))).not.toMatch(/proven/);
  });
});

describe("a serialization failure that nobody tries again", () => {
  it("is remarked, and is no race", async () => {
    const report = await reportOf(unevenTarget("written if unchanged, else 500"), 8);
    expect(report.findings).toEqual([]);
    const outcome = report.outcomes.find(
      ({ weakness, operation }) => weakness === "lost-update" && operation.path === "/points",
    );
    expect(outcome?.status).toBe("not-observed");
    expect(outcome?.remarks?.join()).toMatch(/^availability: \d+ of \d+ requests .* answered with 5xx/);
  });
});
