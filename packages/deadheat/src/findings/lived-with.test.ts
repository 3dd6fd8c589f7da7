import { describe, expect, it } from "vitest";
import { sampleReport } from "../testing/sample-report.ts";
import { accepting, parseBaseline, withBaseline } from "./baseline.ts";
import { compare, comparisonText } from "./compare.ts";
import { exitCodeOf, FAIL_ON } from "./exit.ts";
import type { Finding } from "./finding.ts";
import { parseReport } from "./read-report.ts";
import type { Report } from "./report.ts";

const [lost, limit, mismatch, held, gap] = sampleReport.findings.map(
  ({ accepted: _, ...finding }) => finding,
) as [Finding, Finding, Finding, Finding, Finding];
const report = (findings: readonly Finding[], outcomes = sampleReport.outcomes): Report => ({
  ...sampleReport,
  findings,
  outcomes,
});
const entry = (finding: string, expires = "2026-06-30") => ({ finding, reason: "known", expires });
const file = (...accepted: unknown[]) => JSON.stringify({ schema: "deadheat/baseline/1", accepted });

describe("a baseline", () => {
  it("accepts until the last day, which counts; then the finding counts again, and that is told", () => {
    const baseline = parseBaseline("b.json", file(entry(lost.id)));
    const on = (today: string) => withBaseline(report([lost, limit]), baseline, today);
    expect(on("2026-06-30").report.findings[0]?.accepted).toEqual({ reason: "known", expires: "2026-06-30" });
    expect(on("2026-06-30").report.findings[1]?.accepted).toBeUndefined();
    expect(on("2026-07-01").report.findings[0]?.accepted).toBeUndefined();
    expect(on("2026-07-01").remarks).toEqual([
      `baseline: ${lost.id} was accepted until 2026-06-30, and counts again`,
    ]);
  });

  it("an entry that fits nothing is told", () => {
    const { remarks } = withBaseline(report([lost]), parseBaseline("b", file(entry("gone"))), "2026-01-01");
    expect(remarks[0]).toMatch(/gone was not found this time/);
  });

  it.each([
    ["no reason", file({ finding: "x", reason: " ", expires: "2026-01-01" })],
    ["no day", file({ finding: "x", reason: "y" })],
    ["a day that is none", file({ finding: "x", reason: "y", expires: "2026-02-30" })],
    ["for ever", file({ finding: "x", reason: "y", expires: "never" })],
    ["a report", JSON.stringify(sampleReport)],
    ["not JSON", "accepted: []"],
  ])("%s is refused", (_name, text) => {
    expect(() => parseBaseline("b.json", text)).toThrow(/^b\.json: /);
  });

  it("is added to, and what was there stays as it was", () => {
    const before = parseBaseline("b", file(entry(lost.id)));
    const { accepted } = accepting(before, report([lost, limit]), { reason: "new", expires: "2027-01-01" });
    expect(accepted).toEqual([entry(lost.id), { finding: limit.id, reason: "new", expires: "2027-01-01" }]);
  });
});

describe("exit codes", () => {
  const codes = (findings: readonly Finding[]) =>
    FAIL_ON.filter((failOn) => exitCodeOf(report(findings), { allowInconclusive: true, failOn }) === 1);

  it("fail on what was asked for", () => {
    expect(codes([lost])).toEqual(["proven", "high", "medium", "low", "suspected"]);
    expect(codes([limit])).toEqual(["proven", "medium", "low", "suspected"]);
    expect(codes([held])).toEqual(["proven", "low", "suspected"]);
    expect(codes([gap])).toEqual(["suspected"]);
    expect(codes([])).toEqual([]);
  });

  it("what is accepted fails nothing; what could not be judged still does", () => {
    const accepted = { ...lost, accepted: { reason: "known", expires: "2099-01-01" } };
    expect(codes([accepted])).toEqual([]);
    expect(exitCodeOf(report([accepted]), { allowInconclusive: false })).toBe(3);
  });
});

describe("two reports", () => {
  const { weakness, operation } = lost;
  const silent = {
    weakness,
    operation,
    status: "not-observed",
    trials: 60,
    overlapped: 60,
    bound: 0.04,
  } as const;

  it("2 fixed, 1 new, 1 still racing", () => {
    const outcomes = [silent, { ...silent, weakness: limit.weakness, operation: limit.operation }];
    const result = compare(report([lost, limit, held]), report([held, mismatch], outcomes));
    expect(comparisonText(result)).toBe("2 fixed, 1 new, 1 still racing");
    expect(result.fixed[0]).toMatchObject({ id: lost.id, bound: 0.04 });
  });

  it("what the later scan did not judge is not fixed", () => {
    const doubtful = { ...silent, status: "inconclusive", reason: "429" } as const;
    const result = compare(report([lost, limit]), report([], [doubtful]));
    expect(comparisonText(result)).toBe("0 fixed, 0 new, 0 still racing, 2 not judged again");
    expect(result.unjudged.map((one) => one.reason)).toEqual(["inconclusive: 429", "it was not planned"]);
  });

  it("what the earlier scan had not judged may not be new", () => {
    const result = compare(report([], []), report([lost]));
    expect(result.new[0]?.reason).toBe("before: it was not planned");
    expect(compare(report([], [silent]), report([lost])).new[0]?.reason).toBeUndefined();
  });
});

it("a text that is no report is told from one", () => {
  expect(parseReport("r.json", JSON.stringify(sampleReport)).seed).toBe("7f3a91");
  for (const text of ["", "{}", '{"schema":"deadheat/check/1"}', file()])
    expect(() => parseReport("r.json", text)).toThrow(/^r\.json: /);
});
