import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ControlRow } from "./controls.ts";
import type { Finding, RaceOutcome } from "./finding.ts";
import { GRADES, gradeOf } from "./grade.ts";

const outcome = (status: RaceOutcome["status"], path = "/a", overlapped = 60): RaceOutcome => ({
  weakness: "lost-update",
  operation: { method: "POST", path },
  status,
  trials: overlapped,
  overlapped,
  ...(status === "not-observed" ? { bound: 1 - 0.05 ** (1 / overlapped) } : {}),
});
const finding = (
  severity: Finding["severity"],
  status: Finding["status"] = "proven",
): Pick<Finding, "status" | "severity"> => ({ status, severity });
const tested: ControlRow = {
  operation: { method: "GET", path: "/tested" },
  declared: ["bearer"],
  optional: false,
  enforced: { none: { answer: "refused", status: 401, tested: "once" } },
  challenge: "proper",
  atomic: "not known",
  remarks: [],
};

const graded = (
  outcomes: readonly RaceOutcome[],
  findings: readonly Pick<Finding, "status" | "severity">[] = [],
  controls: readonly ControlRow[] = [],
) => gradeOf({ outcomes, findings, controls });

describe("grade and score", () => {
  it("silence is worth what it took: 60 trials more than 16, and never 100", () => {
    expect(graded([outcome("not-observed")])).toMatchObject({ grade: "A", score: 95 });
    expect(graded([outcome("not-observed", "/a", 16)])).toMatchObject({ grade: "B", score: 82 });
    expect(graded([outcome("not-observed", "/a", 3000)])).toMatchObject({ grade: "A", score: 99 });
  });

  it("what is proven weighs, suspicion hardly", () => {
    const proven = outcome("proven");
    expect(graded([proven], [finding("high")])).toMatchObject({ grade: "D", score: 50 });
    expect(graded([proven, proven], [finding("high"), finding("high")])).toMatchObject({ grade: "F" });
    expect(graded([proven], [finding("low")])).toMatchObject({ grade: "B", score: 88 });
    expect(graded([outcome("not-observed")], [finding("high", "suspected")])).toMatchObject({ score: 93 });
  });

  it("what could not be judged earns nothing", () => {
    expect(graded([outcome("not-observed"), outcome("inconclusive")])).toMatchObject({
      grade: "E",
      scoring: { judged: 1, open: 1 },
    });
  });

  it("an operation of which nothing was judged is told and counts as open; one whose controls were tested is not", () => {
    const outcomes = [
      outcome("not-observed"),
      outcome("not-applicable", "/b"),
      outcome("not-applicable", "/tested"),
    ];
    const { scoring } = graded(outcomes, [], [{ ...tested, operation: { method: "POST", path: "/tested" } }]);
    expect(scoring).toMatchObject({ open: 1, unjudged: [{ path: "/b" }] });
  });

  it("nothing judged is no grade, not a good one", () => {
    expect(graded([outcome("inconclusive"), outcome("not-applicable", "/b")])).toMatchObject({
      grade: null,
      score: null,
      scoring: { open: 2 },
    });
    expect(graded([])).toMatchObject({ grade: null });
  });

  it("a further proof, suspicion or doubt never makes it better", () => {
    const statuses = fc.constantFrom<RaceOutcome["status"]>(
      "proven",
      "not-observed",
      "inconclusive",
      "model-unfit",
    );
    const severities = fc.constantFrom<Finding["severity"]>("high", "medium", "low");
    fc.assert(
      fc.property(
        fc.array(statuses, { minLength: 1 }),
        fc.array(severities),
        severities,
        fc.constantFrom<Finding["status"]>("proven", "suspected"),
        (all, found, more, status) => {
          const outcomes = all.map((one) => outcome(one));
          const before = graded(
            outcomes,
            found.map((one) => finding(one)),
          );
          if (before.score === null) return;
          const after = graded(outcomes, [...found.map((one) => finding(one)), finding(more, status)]);
          const doubtful = graded(
            [...outcomes, outcome("inconclusive")],
            found.map((one) => finding(one)),
          );
          expect(after.score ?? 101).toBeLessThanOrEqual(before.score);
          expect(doubtful.score ?? 101).toBeLessThanOrEqual(before.score);
          expect(GRADES.indexOf(after.grade ?? "A")).toBeGreaterThanOrEqual(
            GRADES.indexOf(before.grade ?? "A"),
          );
        },
      ),
    );
  });
});
