import { describe, expect, it } from "vitest";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Report } from "../../findings/report.ts";
import type { SourceFinding } from "../../source/index.ts";
import { correlate, type LocatedGap } from "./correlate.ts";

const redeem = { method: "POST", path: "/codes/{id}/redeem/" };
const add = { method: "POST", path: "/score/" };

const gap = (weakness: string, fingerprint: string, operations: LocatedGap["operations"]): LocatedGap => ({
  operations,
  finding: {
    rule: "check-then-act",
    weakness,
    severity: "high",
    confidence: "medium",
    file: "views.py",
    line: 3,
    endLine: 4,
    function: "redeem",
    path: [],
    fixable: true,
    title: "t",
    message: "m",
    because: "b",
    interleaving: [],
    fix: "f",
    fingerprint,
  } satisfies SourceFinding,
});
const proven = (weakness: string, operation: typeof add): Finding => ({
  id: `${weakness}-x`,
  weakness,
  operation,
  status: "proven",
  severity: "high",
  evidence: [],
});
const outcome = (weakness: string, operation: typeof add, status: RaceOutcome["status"]): RaceOutcome => ({
  weakness,
  operation,
  status,
  trials: 24,
  overlapped: 24,
  bound: 0.118,
});
const report = (findings: Finding[], outcomes: RaceOutcome[]) =>
  ({ findings, outcomes }) as unknown as Report;

describe("correlate", () => {
  it("makes one finding of a proof and its place in the source, under a relative's name too", () => {
    const { findings, suspected } = correlate(
      report([proven("single-use-code", redeem)], [outcome("single-use-code", redeem, "proven")]),
      [gap("limit-overrun", "a", [redeem])],
      "",
    );
    expect(findings[0]).toMatchObject({ source: "found", evidence: [{ kind: "source", file: "views.py" }] });
    expect(suspected).toEqual([]);
  });

  it("says of a proof without a path that it was not found in the source, and keeps the gap elsewhere", () => {
    const { findings, suspected } = correlate(
      report([proven("lost-update", add)], [outcome("limit-overrun", redeem, "not-observed")]),
      [gap("limit-overrun", "a", [redeem]), gap("lost-update", "b", [])],
      "",
    );
    expect(findings[0]?.source).toBe("not found in source");
    expect(suspected.map(({ raced }) => raced.status)).toEqual(["not-observed", "not-raced"]);
  });

  it("never calls clean what was judged in part only", () => {
    const { suspected } = correlate(
      report([], [outcome("lost-update", add, "not-observed"), outcome("lost-update", add, "inconclusive")]),
      [gap("lost-update", "a", [add])],
      "",
    );
    expect(suspected[0]?.raced.status).toBe("inconclusive");
  });

  it("does not take another weakness at the same operation for it", () => {
    const { findings, suspected } = correlate(
      report([proven("revocation-race", add)], [outcome("revocation-race", add, "proven")]),
      [gap("lost-update", "a", [add])],
      "",
      ["revocation-race"],
    );
    expect(findings[0]?.source).toBe("not found in source");
    expect(suspected[0]?.raced).toEqual({ status: "not-raced", reason: "left out by --only" });
  });

  it("takes a hint for the place of what was proven, suspects nothing because of it, and prefers what is suspected", () => {
    const hint: LocatedGap = { ...gap("revocation-race", "h", [add]), hint: true };
    const quiet = correlate(report([], [outcome("revocation-race", add, "not-observed")]), [hint], "");
    expect(quiet).toEqual({ findings: [], suspected: [] });
    const race = report([proven("revocation-race", add)], [outcome("revocation-race", add, "proven")]);
    expect(correlate(race, [hint], "").findings[0]).toMatchObject({ source: "found" });
    const both = correlate(race, [hint, gap("revocation-race", "loud", [add])], "");
    expect(both.findings[0]?.evidence).toHaveLength(1);
    expect(both.suspected).toEqual([]);
  });
});
