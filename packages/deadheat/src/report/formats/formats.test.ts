import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import draft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { packageFolder } from "../../../../../tests/support/packages.ts";
import type { SourceEvidence } from "../../findings/evidence.ts";
import type { Report } from "../../findings/report.ts";
import { reportSchema } from "../../findings/report.ts";
import type { CheckReport } from "../../source/finding.ts";
import { checkAsSarif } from "../../source/output/sarif.ts";
import { hostileReport } from "../../testing/hostile-report.ts";
import { sampleReport } from "../../testing/sample-report.ts";
import type { FormatContext } from "../format.ts";
import { FORMAT_NAMES, type FormatName, loadFormat } from "./index.ts";

const context: FormatContext = {
  folder: "/home/user/api",
  paths: {
    report: () => ".deadheat/7f3a91/report.json",
    page: () => ".deadheat/7f3a91/index.html",
    finding: (_, finding) => `.deadheat/7f3a91/${finding.id}.json`,
    history: (_, finding) => `.deadheat/7f3a91/${finding.id}.history.json`,
  },
};

async function rendered(name: FormatName, report: Report = sampleReport, live = false): Promise<string> {
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const reporter = (await loadFormat(name)).open({ write, live, color: false }, context);
  reporter.on({ type: "remark", text: report.document });
  for (const finding of report.findings) reporter.on({ type: "finding", finding });
  reporter.on({ type: "ended", report, requests: report.requests, ms: report.durationMs });
  reporter.close?.();
  return text;
}

it("the sample is a report", () => {
  expect(reportSchema.safeParse(sampleReport).error).toBeUndefined();
});

describe("the console", () => {
  it("has a line for each result that grep finds: ✗ is what fails a build", async () => {
    const lines = (await rendered("console")).split("\n");
    const beginning = (mark: string) =>
      lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.split(/ +/)[1]);
    expect(beginning("✗")).toEqual(["lost-update", "control-mismatch", "lock-hold"]);
    expect(beginning("–")).toEqual(["limit-overrun"]);
    expect(beginning("?")).toEqual(["missing-transaction", "refresh-reuse"]);
    expect(beginning("·")).toEqual(["revocation-race"]);
    expect(lines).toContain("  accepted until 2099-12-01: coupons end on 1 December");
    expect(lines).toContain("    write           game/views.py:43  profile.save()");
  });
});

it("an order of statements that ended in a deadlock is not said to have left a state", async () => {
  const [lost] = sampleReport.findings;
  const interleaving = lost!.evidence.filter((one) => one.kind === "interleaving");
  const deadlock = { ...lost!, id: "lock-order-x", weakness: "lock-order", evidence: interleaving };
  const text = await rendered("console", { ...sampleReport, findings: [deadlock] });
  expect(text).toContain("held before UPDATE");
  expect(text).not.toMatch(/no order of the two/);
  expect(await rendered("console")).toMatch(/no order of the two/);
});

describe("json and ndjson", () => {
  it("json is the report, and nothing else", async () => {
    expect(JSON.parse(await rendered("json"))).toEqual(JSON.parse(JSON.stringify(sampleReport)));
  });

  it("ndjson is one event a line, the report last", async () => {
    const lines = (await rendered("ndjson")).trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map((one) => one.type)).toEqual([
      "remark",
      ...sampleReport.findings.map(() => "finding"),
      "ended",
    ]);
    expect(reportSchema.safeParse(events.at(-1).report).success).toBe(true);
  });
});

describe("sarif", () => {
  const schema = join(
    packageFolder("@microsoft/jest-sarif@1.0.0-beta.0"),
    "lib/schemas/sarif-2.1.0-rtm.5.json",
  );
  const ajv = new draft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const isSarif = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

  it.each([
    ["the sample", sampleReport],
    ["a report without findings", { ...sampleReport, findings: [], outcomes: [] }],
    ["a hostile one", hostileReport()],
  ])("%s is valid against the schema of the standard", async (_name, report) => {
    const log = JSON.parse(await rendered("sarif", report));
    isSarif(log);
    expect(isSarif.errors ?? []).toEqual([]);
  });

  it("so is that of check", () => {
    const { path, file, line, endLine, interleaving, fix, rule } = sampleReport.findings[0]!.evidence.find(
      (one) => one.kind === "source",
    ) as SourceEvidence;
    const finding = {
      ...{ rule, weakness: "lost-update", severity: "high", confidence: "high", file, line, endLine },
      ...{ function: "f", path, fixable: true, title: "t", message: "m", because: "b", interleaving, fix },
      fingerprint: "0123456789abcdef",
    };
    const partial = [{ file: "a b.py", reason: "too deep" }];
    const report = {
      schema: "deadheat/check/1",
      tool: sampleReport.tool,
      findings: [finding],
      files: 1,
      bytes: 1,
    };
    isSarif(
      JSON.parse(checkAsSarif({ ...report, partial, ignored: 0, durationMs: 1 } as unknown as CheckReport)),
    );
    expect(isSarif.errors ?? []).toEqual([]);
  });

  it("a log that is none is told from one", () => {
    expect(isSarif({ version: "2.1.0", runs: [{}] })).toBe(false);
  });

  it("results have a place, a fingerprint that stays, a flow, and a suppression where accepted", async () => {
    const [run] = JSON.parse(await rendered("sarif")).runs;
    const [lost, limit] = run.results;
    expect(lost).toMatchObject({ ruleId: "lost-update", level: "error", suppressions: [] });
    expect(lost.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "game/views.py" },
      region: { startLine: 41, endLine: 44 },
    });
    expect(lost.codeFlows).toHaveLength(2);
    expect(lost.codeFlows[0].threadFlows.map((one: { id: string }) => one.id)).toEqual([
      "c1",
      "c2",
      "observer",
    ]);
    expect(lost.codeFlows[1].threadFlows[0].locations[1].location.message.text).toBe(
      "read: profile = request.user.profile",
    );
    expect(lost.partialFingerprints).toEqual({ "deadheat/v1": expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(limit.suppressions).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "coupons end on 1 December (until 2099-12-01)",
      },
    ]);
    expect(run.tool.driver.rules[0].help.text).toMatch(/^Let the database add/);
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toMatch(/answered 429/);
    expect(run.results.at(-1)).toMatchObject({ ruleId: "missing-transaction", level: "note" });
  });

  it("files are told from the folder of the scan", async () => {
    const finding = sampleReport.findings[1]!;
    const at = (file: string) => ({
      ...sampleReport,
      document: file,
      findings: [{ ...finding, evidence: [] }],
    });
    const uri = async (file: string) =>
      JSON.parse(await rendered("sarif", at(file))).runs[0].results[0].locations[0].physicalLocation
        .artifactLocation.uri;
    expect(await uri("/home/user/api/docs/open api.yaml")).toBe("docs/open%20api.yaml");
    expect(await uri("spec/a.yaml")).toBe("spec/a.yaml");
  });
});

describe("junit", () => {
  it("looks like this", async () => {
    expect(await rendered("junit")).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="deadheat" tests="8" failures="3" errors="1" skipped="3" time="10.600">
        <testsuite name="lost-update" tests="2" failures="1" errors="0" skipped="1">
          <testcase classname="lost-update" name="POST /profile/score"><failure message="proven, high: number /score is written here and read by GET /profile">number /score is written here and read by GET /profile
      3 concurrent requests, one token: 2 acknowledged × 8 should add 16; the value read back rose by 8.
      profile.score is read and written back without a lock
      Held before its UPDATE, the first request overwrote what the second had written.
      The longest legal order has 2 operations: 2 × add 8 → ok; state 16.
      Next would have to be read → 8, and cannot.
      - read → 8: is not a legal answer in this state.
      replay: deadheat replay .deadheat/7f3a91/lost-update-post-profile-score.json</failure></testcase>
          <testcase classname="lost-update" name="PUT /settings"><skipped message="not applicable: changes no number that a read shows"></skipped></testcase>
        </testsuite>
        <testsuite name="limit-overrun" tests="1" failures="0" errors="0" skipped="1">
          <testcase classname="limit-overrun" name="POST /coupons/{code}/redeem"><skipped message="accepted until 2099-12-01: coupons end on 1 December"></skipped></testcase>
        </testsuite>
        <testsuite name="control-mismatch" tests="1" failures="1" errors="0" skipped="0">
          <testcase classname="control-mismatch" name="GET /profile"><failure message="proven, high: GET /profile answers without a token what it answers with one.">GET /profile answers without a token what it answers with one.</failure></testcase>
        </testsuite>
        <testsuite name="lock-hold" tests="1" failures="1" errors="0" skipped="0">
          <testcase classname="lock-hold" name="POST /profile/score"><failure message="proven, low: POST /logout waited for as long as a body of POST /profile/score was incomplete.">POST /logout waited for as long as a body of POST /profile/score was incomplete.</failure></testcase>
        </testsuite>
        <testsuite name="revocation-race" tests="1" failures="0" errors="0" skipped="0">
          <testcase classname="revocation-race" name="POST /profile/score"><system-out>not observed in 60 overlapped trials (&lt; 4.9 %)</system-out></testcase>
        </testsuite>
        <testsuite name="refresh-reuse" tests="1" failures="0" errors="1" skipped="0">
          <testcase classname="refresh-reuse" name="POST /oauth/token"><error message="inconclusive: the API answered 429"></error></testcase>
        </testsuite>
        <testsuite name="missing-transaction" tests="1" failures="0" errors="0" skipped="1">
          <testcase classname="missing-transaction" name="POST /coupons/{code}/redeem"><skipped message="suspected, medium: profile.score is read and written back without a lock">profile.score is read and written back without a lock</skipped></testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it.each([
    ["the sample", sampleReport],
    ["a hostile report", hostileReport()],
  ])("%s is well-formed XML", async (_name, report) => {
    const script =
      "import sys, xml.dom.minidom; d = xml.dom.minidom.parse(sys.stdin.buffer); print(len(d.getElementsByTagName('testcase')))";
    const count = execFileSync("python3", ["-c", script], { input: await rendered("junit", report) });
    expect(Number(count)).toBeGreaterThan(0);
  });
});

describe("markdown", () => {
  it("looks like this", async () => {
    expect(await rendered("markdown")).toMatchInlineSnapshot(`
      "<!-- deadheat -->
      ## deadheat: 4 weaknesses are proven at 3 operations, 1 of them accepted by the baseline, 1 more suspected. 1 race was not observed (each in less than 4.9 % of overlapped trials, with 95 % confidence); 1 could not be judged.

      Grade **F**, 11 of 100 · <code>http://127.0.0.1:4010</code> · seed <code>7f3a91</code>

      | | weakness | operation | severity |
      |---|---|---|---|
      | ❌ proven | <code>lost-update</code> | <code>POST /profile/score</code> | high |
      | ➖ accepted | <code>limit-overrun</code> | <code>POST /coupons/{code}/redeem</code> | medium |
      | ❌ proven | <code>control-mismatch</code> | <code>GET /profile</code> | high |
      | ❌ proven | <code>lock-hold</code> | <code>POST /profile/score</code> | low |
      | ❔ suspected | <code>missing-transaction</code> | <code>POST /coupons/{code}/redeem</code> | medium |

      <details><summary><code>lost-update</code> <code>POST /profile/score</code></summary>

      - <code>3 concurrent requests, one token: 2 acknowledged × 8 should add 16; the value read back rose by 8.</code>
      - <code>profile.score is read and written back without a lock</code>
      - <code>Held before its UPDATE, the first request overwrote what the second had written.</code>

      | | call | from | to | answer |
      |---|---|---|---|---|
      | <code>r1</code> | <code>POST /profile/score: add 8</code> | -3.6 ms | 26.1 ms | <code>200</code> |
      | <code>r2</code> | <code>POST /profile/score: add 8</code> | -2.9 ms | 27.8 ms | <code>200</code> |
      | <code>read</code> | <code>GET /profile: read /score</code> | 28.4 ms | 35.1 ms | <code>200 → 8</code> ✗ no sequential order explains this |

      **Fix:** let the database add (SET score = score + n), or lock the row before reading it.

      Replay: <code>deadheat replay .deadheat/7f3a91/lost-update-post-profile-score.json</code>

      </details>

      <details><summary><code>limit-overrun</code> <code>POST /coupons/{code}/redeem</code></summary>

      Accepted until <code>2099-12-01</code>: <code>coupons end on 1 December</code>

      - <code>2 took effect; the API alone allows 1.</code>

      | | call | from | to | answer |
      |---|---|---|---|---|
      | <code>r1</code> | <code>POST /profile/score: add 8</code> | -3.6 ms | 26.1 ms | <code>200</code> |
      | <code>r2</code> | <code>POST /profile/score: add 8</code> | -2.9 ms | 27.8 ms | <code>200</code> |
      | <code>read</code> | <code>GET /profile: read /score</code> | 28.4 ms | 35.1 ms | <code>200 → 8</code> ✗ no sequential order explains this |

      **Fix:** test and spend in one statement (UPDATE … WHERE not yet used) and look at its row count.

      Replay: <code>deadheat replay .deadheat/7f3a91/limit-overrun-post-coupons-code-redeem.json</code>

      </details>

      <details><summary><code>control-mismatch</code> <code>GET /profile</code></summary>

      - <code>GET /profile answers without a token what it answers with one.</code>

      **Fix:** check the credential in front of every operation that declares one; a logout has to be remembered.

      </details>

      <details><summary><code>lock-hold</code> <code>POST /profile/score</code></summary>

      - <code>POST /logout waited for as long as a body of POST /profile/score was incomplete.</code>

      **Fix:** read the whole body first, then begin the transaction and take the lock.

      </details>

      <details><summary><code>missing-transaction</code> <code>POST /coupons/{code}/redeem</code></summary>

      - <code>profile.score is read and written back without a lock</code>

      **Fix:** make all steps of the call in one transaction, the check of the token among them.

      </details>

      <details><summary>1 race could not be judged</summary>

      - <code>refresh-reuse POST /oauth/token</code>: <code>inconclusive: the API answered 429</code>

      </details>

      <details><summary>1 race not observed</summary>

      - <code>revocation-race POST /profile/score</code>: <code>not observed in 60 overlapped trials (&#60; 4.9 %)</code>

      </details>

      "
    `);
  });

  it("a thousand findings fit into a comment of GitHub", async () => {
    const findings = Array.from({ length: 1000 }, (_, index) => ({
      ...sampleReport.findings[0]!,
      id: `lost-update-${index}`,
    }));
    expect((await rendered("markdown", { ...sampleReport, findings })).length).toBeLessThan(65_536);
  });
});

describe("whatever an API answers is shown inert, cut and redacted", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const ESCAPES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

  it.each(FORMAT_NAMES)("%s", async (name) => {
    const text = await rendered(name, hostileReport());
    expect(text.length).toBeLessThan(400_000);
    expect(text).not.toContain("eyJhbGciOiJIUzI1NiJ9");
    expect(text).not.toContain("hunter2hunter2hunter2");
    expect(text).not.toMatch(ESCAPES);
    expect(text).not.toMatch(/^\s*(::|##\[)/m);
    if (name === "markdown" || name === "junit" || name === "html") {
      expect(text).not.toMatch(/<script>alert|<img/i);
    }
    if (name === "markdown") expect(text).not.toContain("@everyone");
  });
});
