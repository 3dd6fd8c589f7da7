import { describe, expect, it } from "vitest";
import type { Target } from "./targets/api.ts";
import { type Lateness, lateTarget } from "./targets/late.ts";
import { oneAtATimeTarget } from "./targets/one-at-a-time.ts";
import { type Refusal, refusingTarget } from "./targets/refusing.ts";
import { lines, scanned } from "./targets/scanned.ts";
import { type SignOut, signOutTarget } from "./targets/tokens.ts";
import { type Unruliness, unrulyTarget } from "./targets/unruly.ts";

/** Outcomes at the operation that adds points, by weakness. */
async function judged(start: Promise<Target>, trials = 8): Promise<Record<string, string>> {
  const target = await start;
  try {
    const { report } = await scanned(target, { trials });
    const points = lines(report).filter((line) => line.includes(" POST /points: "));
    return Object.fromEntries(points.map((line) => line.split(" POST /points: ") as [string, string]));
  } finally {
    await target.stop();
  }
}

const UNJUDGED = /^(model-unfit|inconclusive) \(.+\)$/;
const UNPROVEN = /^(not-observed|(model-unfit|inconclusive) \(.+\))$/;

describe("nothing is proven where nothing races, and nothing passes in silence", () => {
  it.each<[string, Lateness, number, RegExp, RegExp]>([
    ["writes that show 200 ms later", "eventual", 2, UNPROVEN, /show in the next read/],
    ["a replica that lags, asked now and then", "replica", 8, UNJUDGED, UNJUDGED],
    ["a read that is rarely stale", "rarely-stale", 16, UNPROVEN, UNPROVEN],
    ["202 and later", "accepted", 2, UNPROVEN, /show in the next read/],
    ["a cache in front of reads", "cache", 8, /no effect shows in \/points/, /no effect shows in \/points/],
  ])("%s", async (_name, lateness, trials, lostUpdate, revocation) => {
    const outcomes = await judged(lateTarget(lateness), trials);
    expect(outcomes["lost-update"]).toMatch(lostUpdate);
    expect(outcomes["revocation-race"]).toMatch(revocation);
    expect(outcomes["revocation-race"]).not.toBe("proven");
  });

  it.each<[string, Refusal, RegExp]>([
    ["429 with Retry-After", "429", UNJUDGED],
    ["a limit that answers 200 without effect", "silent", UNJUDGED],
    ["the same with a slow handler", "silent-slow", UNJUDGED],
    ["500 under concurrency, with or without effect", "500-maybe", UNPROVEN],
    ["an answer lost after the effect", "cut", UNPROVEN],
    ["identical bodies within a second count once", "duplicate", UNJUDGED],
    ["a value capped in silence", "capped", UNPROVEN],
  ])("%s", async (_name, refusal, expected) => {
    const outcomes = await judged(refusingTarget(refusal));
    expect(outcomes["lost-update"]).toMatch(expected);
    expect(outcomes["revocation-race"]).toMatch(UNPROVEN);
  });

  it("500s that come only under concurrency are remarked on, as a matter of availability", async () => {
    const target = await refusingTarget("500-maybe");
    try {
      const { report } = await scanned(target, { trials: 4 });
      const points = report.outcomes.find(
        ({ weakness, operation }) => weakness === "lost-update" && operation.path === "/points",
      );
      expect(points?.remarks?.join()).toMatch(/^availability: \d+ of \d+ requests .* 5xx/);
    } finally {
      await target.stop();
    }
  });

  it.each<[string, Unruliness, RegExp]>([
    ["random answers", "random", UNJUDGED],
    ["an effect that takes turns: a model would be wrong", "alternating", /^model-unfit/],
    ["a number that changes all the time by itself", "ticker", UNJUDGED],
    ["a number that others raise every 3 s", "slow-ticker", UNPROVEN],
    ["a number that others lower", "negative-ticker", UNPROVEN],
    ["a number that somebody else raises once, in the middle of a burst", "giver", UNPROVEN],
    ["a number that somebody else lowers once, in the middle of a burst", "taker", UNPROVEN],
    ["numbers beside it that change with every read", "noise", /^not-observed$/],
  ])("%s", async (_name, unruliness, expected) => {
    const outcomes = await judged(unrulyTarget(unruliness));
    expect(outcomes["lost-update"]).toMatch(expected);
    expect(outcomes["revocation-race"]).toMatch(UNPROVEN);
  });

  it.each<[string, SignOut, RegExp]>([
    ["an answer after the sign-out's, to a call that was ordered before it", "right", /^not-observed$/],
    ["a sign-out that revokes nothing", "nothing", /^inconclusive .*leaves the token valid/],
    ["a sign-out that ends every token of the user", "everything", /^inconclusive .*ends every token/],
    ["a sign-out that is not there", "missing", /^inconclusive .*POST \/signout answers 404/],
    ["signing in ends the session before", "one session", UNPROVEN],
    ["a sign-out that is checked too early is proven, though", "racy", /^proven$/],
  ])("%s", async (_name, signOut, expected) => {
    const outcomes = await judged(signOutTarget(signOut), signOut === "racy" ? 16 : 8);
    expect(outcomes["revocation-race"]).toMatch(expected);
    expect(outcomes["lost-update"]).toBe("not-observed");
  });

  it.each<[SignOut, RegExp]>([
    ["racy", /^proven$/],
    ["right", /^not-observed$/],
    ["nothing", /^inconclusive .*leaves the token valid/],
  ])("one token a user, had again by signing in after the sign-out: %s", async (signOut, expected) => {
    const outcomes = await judged(signOutTarget(signOut, true), signOut === "racy" ? 24 : 8);
    expect(outcomes["revocation-race"]).toMatch(expected);
  });

  it.each([0, 5, 10])("one request at a time, %i ms each", async (ms) => {
    const outcomes = await judged(oneAtATimeTarget(ms));
    expect(outcomes["lost-update"]).toMatch(/^inconclusive \(requests cannot overlap/);
    expect(outcomes["revocation-race"]).toMatch(/^inconclusive \(requests cannot overlap/);
  });
});
