import { describe, expect, it } from "vitest";
import { diagnose } from "../packages/deadheat/src/engine/doctor.ts";
import type { ScanOptions } from "../packages/deadheat/src/index.ts";
import { diagnosisText } from "../packages/deadheat/src/report/console/diagnosis.ts";
import type { Target } from "./targets/api.ts";
import { crewsTarget } from "./targets/crews.ts";
import { deedsTarget } from "./targets/deeds.ts";
import { lines, optionsFor, scanned } from "./targets/scanned.ts";
import { signOutTarget } from "./targets/tokens.ts";

async function outcomesOf(start: Promise<Target>, options: Partial<ScanOptions>): Promise<string[]> {
  const target = await start;
  try {
    return lines((await scanned(target, options)).report);
  } finally {
    await target.stop();
  }
}

describe("a role that only a member can be given", () => {
  it.each([
    ["racy", true, "proven"],
    ["right", false, "not-observed"],
  ])("%s", async (_name, racy, expected) => {
    const outcomes = await outcomesOf(crewsTarget(racy), {
      weaknesses: ["demotion-race", "revocation-race"],
      trials: racy ? 24 : 8,
    });
    expect(outcomes).toContain(`demotion-race POST /crews/{id}/notes: ${expected}`);
    // A member is made with the name of somebody who is there.
    expect(outcomes.join("\n")).not.toMatch(/answered 400/);
  });
});

describe("an operation that gives an object to somebody whom its body names", () => {
  it.each<[string, Parameters<typeof deedsTarget>[0], RegExp]>([
    ["by name, though there is a number", {}, /not-applicable \(changes no number that a read shows\)/],
    [
      "by number, written as text",
      { byNumber: true },
      /not-applicable \((changes no number that a read shows|gives the object to the principal that it names)\)/,
    ],
    ["refuses everybody", { refuses: true }, /inconclusive \(answers 400 when called alone/],
  ])("%s", async (_name, deeds, expected) => {
    const outcomes = await outcomesOf(deedsTarget(deeds), { trials: 4 });
    expect(outcomes.find((line) => line.startsWith("lost-update POST /deeds/{id}/owner"))).toMatch(expected);
  });
});

describe("one token a user, as DRF's authtoken has it", () => {
  it("the doctor says that revocations are judged all the same", async () => {
    const target = await signOutTarget("right", true);
    try {
      const text = diagnosisText(await diagnose(optionsFor(target), Date.now), false);
      expect(text).toMatch(
        /a new principal for each trial; one token each: races of two tokens are not judged\)/,
      );
    } finally {
      await target.stop();
    }
  });
});
