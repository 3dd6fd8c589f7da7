import pc from "picocolors";
import { describe, expect, it } from "vitest";
import type { RuntimeEvidence } from "../findings/evidence.ts";
import { exitCodeOf } from "../findings/exit.ts";
import type { RaceOutcome } from "../findings/finding.ts";
import { type Report, reportSchema } from "../findings/report.ts";
import { inert } from "../inert.ts";
import { consoleReporter } from "./console/console.ts";
import { diagram } from "./console/diagram.ts";
import { liveLine } from "./console/live.ts";

const operation = { method: "POST", path: "/coupons/{code}/redeem" };
const call = {
  operation: "POST /coupons/{code}/redeem",
  does: "use it",
  status: 201,
  input: {},
  outcome: "ok" as const,
};
const evidence: RuntimeEvidence = {
  kind: "runtime",
  form: "history",
  summary: "2 took effect; the API alone allows 1.",
  model: "limit:1",
  transport: "http2",
  trial: 0,
  schedule: { transport: "http2", requests: 20, amount: 3, tokens: 1, offsetMs: 0 },
  explanation: "",
  controls: [],
  witness: ["r1", "r2"],
  impossible: "r2",
  history: [
    { ...call, id: "r1", process: "c1", invoke: -1, return: 20 },
    { ...call, id: "r2", process: "c2", invoke: 0, return: 24 },
    { ...call, id: "r3", process: "c3", invoke: 0, status: 409, outcome: "rejected" },
  ],
  rate: { races: 9, trials: 10, low: 0.6, high: 0.98 },
};
const outcomes: RaceOutcome[] = [
  { weakness: "limit-overrun", operation, status: "proven", trials: 1, overlapped: 1 },
  {
    weakness: "lost-update",
    operation: { method: "POST", path: "/a" },
    status: "not-observed",
    trials: 60,
    overlapped: 60,
    bound: 0.04870291,
  },
  {
    weakness: "lost-update",
    operation: { method: "POST", path: "/b" },
    status: "inconclusive",
    trials: 3,
    overlapped: 0,
    reason: "the API answered 429",
  },
  {
    weakness: "lost-update",
    operation: { method: "POST", path: "/c" },
    status: "not-applicable",
    trials: 0,
    overlapped: 0,
    reason: "no",
  },
];
const report: Report = {
  schema: "deadheat/scan/1",
  tool: { name: "deadheat", version: "0.1.0" },
  seed: "7f3a91",
  document: "openapi.yaml",
  target: { origin: "http://127.0.0.1:4010" },
  transports: {
    used: "http2",
    spoken: ["http2", "http1"],
    probe: [
      { name: "http2", mode: "HTTP/2 single-packet", bursts: 5, spreadMs: 0.412, overlap: 1 },
      { name: "http1", mode: "HTTP/1.1 last-byte", bursts: 5 },
    ],
    trials: [],
    degraded: [],
  },
  outcomes,
  controls: [],
  cleanup: { removed: 3, left: [{ by: "POST /users", count: 2, reason: "DELETE answered 500" }] },
  grade: "E",
  score: 32,
  requests: 1204,
  durationMs: 10600,
  findings: [
    {
      id: "f",
      weakness: "limit-overrun",
      operation,
      status: "proven",
      severity: "high",
      evidence: [evidence],
    },
  ],
};

function printed(live = false): string {
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const output = { write, live, color: false };
  const reporter = consoleReporter(output, {
    report: () => ".deadheat/7f3a91/report.json",
    page: () => ".deadheat/7f3a91/index.html",
    finding: () => ".deadheat/7f3a91/f.json",
    history: () => ".deadheat/7f3a91/f.history.json",
  });
  reporter.on({
    type: "started",
    version: "0.1.0",
    origin: "http://127.0.0.1:4010",
    document: "openapi.yaml",
    seed: "7f3a91",
  });
  reporter.on({ type: "spec", operations: 42, bearer: 31, candidates: 4, ms: 200 });
  reporter.on({
    type: "probe",
    transports: report.transports,
    credentials: [{ scheme: "token", reason: "none found" }],
    ms: 600,
  });
  reporter.on({ type: "race-started", weakness: "lost-update", operation: "POST /a", index: 0, of: 4 });
  reporter.on({
    type: "trial",
    weakness: "lost-update",
    operation: "POST /a",
    done: 1,
    planned: 60,
    requests: 10,
  });
  reporter.on({ type: "ended", report, requests: 1204, ms: 10600 });
  reporter.close?.();
  return text;
}

describe("the console", () => {
  it("looks like this", () => {
    expect(printed()).toMatchInlineSnapshot(`
      "deadheat 0.1.0 · http://127.0.0.1:4010 · openapi.yaml · seed 7f3a91

        spec    42 operations · 31 bearer · 4 planned races                  0.2 s
        probe   HTTP/2 single-packet · spread 0.41 ms · overlap 100 %        0.6 s
                HTTP/1.1 last-byte · spread not measured
        token   token: none: none found
        race    3 races judged of 4 planned · 1,204 requests                10.6 s

      ✗ limit-overrun    POST /coupons/{code}/redeem              high · CWE-837
        2 took effect; the API alone allows 1.
        9 of 10 further trials · witness: r1, r2 · http2

          r1 ├─────────────●─────────────┤       use it 201
          r2  ├───────────────✗───────────────┤  use it 201   no sequential order explains this
             -1.0                       24.0 ms

        replay  deadheat replay .deadheat/7f3a91/f.json
        check   deadheat history check .deadheat/7f3a91/f.history.json --model limit:1
        fix     test and spend in one statement (UPDATE … WHERE not yet used) and look at its row count
                docs/weaknesses/limit-overrun.md

      ? lost-update      POST /b                                  inconclusive
        the API answered 429

      · lost-update      POST /a                                  not observed in 60 overlapped trials (< 4.9 %)

      1 race · 1 inconclusive · 1 not observed (< 4.9 %) · 1 not applicable · 10.6 s
      grade   E · 32 of 100
      report  .deadheat/7f3a91/report.json
      page    .deadheat/7f3a91/index.html
      "
    `);
  });

  it("a progress line is only for a terminal, and leaves nothing behind", () => {
    expect(printed(false)).not.toContain("trial 1/60");
    const live = printed(true);
    expect(live).toContain("1/4 lost-update");
    expect(live.split("\n").some((line) => /^\s*race +1\/4/.test(line) && !line.includes("\u001b[2K"))).toBe(
      false,
    );
  });

  it("shows a progress line at most every 80 ms", () => {
    let time = 0;
    const written: string[] = [];
    const line = liveLine({ write: (text) => void written.push(text), live: true, color: false }, () => time);
    for (; time < 400; time += 10) line.show("x");
    expect(written.length).toBe(5);
  });

  it("a progress line is no longer than the terminal is wide: of one that goes on below, half would stay", () => {
    const written: string[] = [];
    const output = { write: (text: string) => void written.push(text), live: true, color: false };
    let width: number | undefined = 20;
    let time = 0;
    const line = liveLine({ ...output, width: () => width }, () => (time += 100));
    line.show("  race    1/48 lost-update · POST /a");
    width = undefined;
    line.show("  race    1/48 lost-update · POST /a");
    expect(written.map((one) => one.replace("\r\u001b[2K", ""))).toEqual([
      "  race    1/48 los…",
      "  race    1/48 lost-update · POST /a",
    ]);
  });
});

describe("hostile text", () => {
  it("is shown inert and cut", () => {
    expect(inert("a\u001b[31mb\u202ec\u0007\n")).toBe("a�[31mb�c��");
    expect(inert("x".repeat(10_000_000)).length).toBeLessThan(500);
  });

  it("of an API does not reach the terminal through a diagram", () => {
    const hostile = {
      ...evidence,
      history: evidence.history.map((one) => ({ ...one, output: "\u001b]0;x\u0007" })),
    };
    expect(diagram(hostile, "POST /x", pc.createColors(false)).join("")).not.toContain("\u001b");
  });
});

describe("the JSON report", () => {
  it("fits its schema", () => {
    expect(reportSchema.safeParse(report).error).toBeUndefined();
  });
});

describe("exit codes", () => {
  const only = (status: RaceOutcome["status"]) => ({
    ...report,
    findings: [],
    outcomes: outcomes.filter((one) => one.status === status),
  });

  it.each([
    [report, false, 1],
    [only("not-observed"), false, 0],
    [only("not-applicable"), false, 0],
    [only("inconclusive"), false, 3],
    [only("inconclusive"), true, 0],
    [{ ...only("not-observed"), outcomes: [{ ...outcomes[1], status: "model-unfit" }] } as Report, false, 3],
  ])("case %#", (given, allowInconclusive, expected) => {
    expect(exitCodeOf(given, { allowInconclusive })).toBe(expected);
  });
});

it("an API cannot give orders to the CI that prints its answers", () => {
  for (const order of ["::error::x", "  ::add-mask::x", "##[error]x"])
    expect(inert(order)).not.toMatch(/^\s*(::|##)/);
});
