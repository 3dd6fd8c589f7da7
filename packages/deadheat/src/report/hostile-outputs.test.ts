import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { compare } from "../findings/compare.ts";
import type { ProveReport } from "../findings/prove-report.ts";
import type { VerifyReport } from "../findings/verify-report.ts";
import { inertJson } from "../inert.ts";
import { HOSTILE, hostile, hostileReport } from "../testing/hostile-report.ts";
import { sampleRace, silentRace } from "../testing/sample-race.ts";
import { sampleReport } from "../testing/sample-report.ts";
import { comparisonLines } from "./console/comparison.ts";
import { provePage } from "./console/prove.ts";
import { verifyPage } from "./console/verify.ts";
import { racePage } from "./page/index.ts";
import { raceText } from "./race.ts";

const [lost] = sampleReport.findings;
const [judged] = sampleReport.outcomes;
const source = lost!.evidence.find((one) => one.kind === "source")!;
const step = { step: "migrate", reason: "it failed", lines: ["Traceback"], hint: "env: {}" };
const gap = { weakness: "lost-update", severity: "high", confidence: "high", fixable: true } as const;

const proved: ProveReport = {
  schema: "deadheat/prove/1",
  ...{ tool: sampleReport.tool, seed: "7f3a91", project: "./project", files: 3 },
  started: {
    ...{ python: "3.11", django: "5.2", postgres: "15", server: "gunicorn" },
    madeUp: [{ name: "SECRET", as: "random" }],
    replaced: ["DATABASES"],
    notes: ["a note"],
    errors: ["IntegrityError: a detail"],
  },
  failed: step,
  findings: [{ ...lost!, source: "found", fix: { status: "not-fixed", kinds: [], reason: "a reason" } }],
  suspected: [
    { ...gap, evidence: source, raced: { status: "not-raced", reason: "no route" } },
    { ...gap, evidence: source, raced: { ...judged!, status: "not-observed", overlapped: 3, bound: 0.4 } },
  ],
  omitted: [{ operation: lost!.operation, reason: "may move money" }],
  scan: sampleReport,
  fix: {
    patches: [{ file: "a.py", diff: "", isNew: true }],
    warnings: ["a warning"],
    unfixed: [{ rule: "r", file: "a.py", line: 1, reason: "a reason" }],
    failed: step,
  },
  durationMs: 1,
};

const results: VerifyReport["results"] = [
  { id: "a", weakness: "lost-update", operation: lost!.operation, status: "still-racing", witness: lost! },
  {
    id: "b",
    weakness: "lost-update",
    operation: lost!.operation,
    status: "not-comparable",
    reason: "a reason",
  },
  { id: "c", weakness: "lost-update", operation: lost!.operation, status: "gone", bound: { overlapped: 3 } },
];
const verified: VerifyReport = {
  schema: "deadheat/verify/1",
  ...{ tool: sampleReport.tool, seed: "7f3a91", target: "http://127.0.0.1:4010", durationMs: 1, results },
};

/** Whatever a project, an API or a file that was handed in may have put there. */
const OURS = new Set([
  "kind",
  "form",
  "status",
  "severity",
  "does",
  "lane",
  "held",
  "why",
  "outcome",
  "step",
]);
const everywhere = <T>(value: T): T => hostile(value, (key) => (OURS.has(key) ? undefined : HOSTILE));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const ESCAPES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

function expectInert(text: string): void {
  expect(text).toContain("owned");
  expect(text).not.toMatch(ESCAPES);
  // An order to the CI whose log it stands in.
  expect(text).not.toMatch(/^\s*(::|##\[)/m);
}

describe("hostile text in what is printed", () => {
  const color = pc.createColors(false);

  it("prove", () => {
    const page = provePage(everywhere(proved), ".deadheat/7f3a91", color).join("\n");
    expectInert(page);
    expect(page).toMatch(/Proven \(1\)[\s\S]*Suspected[\s\S]*The fix[\s\S]*Left out \(1\)/);
    expectInert(inertJson(everywhere(proved), 2));
  });

  it("verify", () => {
    const told = hostile(verified, (key) =>
      key === "weakness" || key === "reason" || key === "path" || key === "summary" ? HOSTILE : undefined,
    );
    expectInert(verifyPage(told, ".deadheat/7f3a91", false));
    expectInert(inertJson(told, 2));
  });

  it("compare", () => {
    const after = { ...hostileReport(HOSTILE, 1), findings: [] };
    const before = hostile(hostileReport(HOSTILE, 1), (key) => (key === "weakness" ? HOSTILE : undefined));
    for (const [from, to] of [
      [before, after],
      [after, before],
      [before, before],
    ] as const) {
      const comparison = compare(from, to);
      expectInert(comparisonLines(comparison, HOSTILE, false).join("\n"));
      expectInert(inertJson(comparison, 2));
    }
  });

  it.each([
    ["proven", sampleRace],
    ["not observed", { ...silentRace, reason: "a reason" }],
  ])("race, %s", (_name, race) => {
    const told = everywhere(race);
    expectInert(raceText(told, { witness: HOSTILE }));
    const page = racePage(told, HOSTILE);
    expectInert(page);
    expect(page).not.toMatch(/<img|<script>alert/);
    expectInert(inertJson(told, 2));
  });
});

it("JSON that is inert says the same", () => {
  const value = { [HOSTILE]: [HOSTILE, 1, null] };
  expect(JSON.parse(inertJson(value))).toEqual(value);
  expect(JSON.parse(inertJson(value, 2))).toEqual(value);
});
