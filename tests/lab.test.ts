import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Report, reportSchema } from "../packages/deadheat/src/index.ts";
import { type Finished, type Running, root, run, start } from "./support/command.ts";
import { postgresMissing } from "./support/postgres.ts";
import { type Recorder, recordSecrets } from "./support/recorder.ts";
import { linesOf, misfits } from "./support/schema.ts";
import { textsIn } from "./support/texts.ts";

const document = join(root, "labs", "node", "openapi.yaml");
const folder = mkdtempSync(join(tmpdir(), "deadheat-lab-"));

describe.skipIf(postgresMissing !== false)("the embedded lab, scanned as a user would", () => {
  let lab: Running;
  let recorder: Recorder;
  let scan: Finished;
  let report: Report;

  beforeAll(async () => {
    lab = start(["lab"]);
    const [url] = await lab.said(/http:\/\/127\.0\.0\.1:\d+/);
    recorder = await recordSecrets(url);
    scan = await run([
      "scan",
      document,
      "--target",
      recorder.url,
      "--trials",
      "16",
      "--output",
      folder,
      "--format",
      `json,ndjson=${join(folder, "events.ndjson")}`,
    ]);
    report = JSON.parse(scan.stdout) as Report;
  }, 300_000);

  afterAll(async () => {
    recorder.server.close();
    lab.child.kill("SIGTERM");
    await lab.finished;
    rmSync(folder, { recursive: true, force: true });
  });

  const proven = () =>
    report.findings.map(({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}`);

  it("proves every racy twin, each with a witness of named requests", () => {
    expect(proven()).toEqual([
      "lost-update POST /racy/profile/score",
      "revocation-race POST /racy/profile/score",
      "limit-overrun POST /racy/coupons/{code}/redeem",
      "revocation-race POST /racy/coupons/{code}/redeem",
      // The coupon is deleted between the look at it and the credit.
      "use-after-delete POST /racy/coupons/{code}/redeem",
    ]);
    for (const finding of report.findings) {
      const runtime = finding.evidence.find((one) => one.kind === "runtime" && one.form === "history");
      expect(runtime?.witness.length).toBeGreaterThanOrEqual(2);
      const named = runtime?.history.filter((one) => runtime.witness.includes(one.id)) ?? [];
      expect(named.every((one) => /^(GET|POST|DELETE) \//.test(one.operation))).toBe(true);
      expect(
        named.some((one) => one.operation === `${finding.operation.method} ${finding.operation.path}`),
      ).toBe(true);
      // Reads among them: what they asked and were answered is what the proof rests on.
      const untold = runtime?.history.filter((one) => !one.request || !one.answer).map((one) => one.id);
      expect(untold, finding.id).toEqual([]);
    }
    expect(scan.code).toBe(1);
  });

  it("finds nothing on any guarded twin, with the bound that it reached", () => {
    const guarded = report.outcomes.filter((one) => one.operation.path.startsWith("/guarded/"));
    const raced = guarded.filter(({ status, bound }) => status !== "not-applicable" && bound !== undefined);
    expect(raced.map((one) => `${one.weakness} ${one.operation.path} ${one.status}`)).toEqual([
      "lost-update /guarded/profile/score not-observed",
      "revocation-race /guarded/profile/score not-observed",
      "limit-overrun /guarded/coupons/{code}/redeem not-observed",
      "revocation-race /guarded/coupons/{code}/redeem not-observed",
      "use-after-delete /guarded/coupons/{code}/redeem not-observed",
      "missing-transaction /guarded/coupons/{code}/redeem not-observed",
    ]);
    // A lock that is held is measured, not met by chance: silence about it has a reason instead of a bound.
    const measured = guarded.filter(({ weakness }) => weakness === "lock-hold");
    expect(measured.map(({ status }) => status)).not.toContain("proven");
    for (const one of raced) expect(one.bound).toBeCloseTo(1 - 0.05 ** (1 / one.overlapped));
  });

  it("each recorded history can be checked again by itself", async () => {
    for (const finding of report.findings) {
      const model =
        finding.evidence.find((one) => one.kind === "runtime" && one.form === "history")?.model ?? "";
      const history = join(folder, report.seed, `${finding.id}.history.json`);
      const checked = await run(["history", "check", history, "--model", model]);
      expect(checked.stdout).toMatch(/^race /);
      expect(checked.code).toBe(1);
    }
  });

  it("each event keeps to its published schema", () => {
    const events = linesOf(join(folder, "events.ndjson")) as { readonly type: string }[];
    expect(events.flatMap((one) => misfits("event", one))).toEqual([]);
    const types = new Set(events.map((one) => one.type));
    for (const type of [
      "started",
      "spec",
      "probe",
      "race-started",
      "trial",
      "race-ended",
      "finding",
      "controls",
      "ended",
    ])
      expect([...types]).toContain(type);
  });

  it("the report keeps to its published schema", () => {
    expect(reportSchema.safeParse(report).error).toBeUndefined();
    const written = JSON.parse(readFileSync(join(folder, report.seed, "report.json"), "utf8"));
    expect(written).toEqual(report);
  });

  it("no token and no password is in anything that was printed or written", () => {
    expect(recorder.secrets.size).toBeGreaterThan(50);
    const everything = [scan.stdout, scan.stderr, ...textsIn(folder)].join("\n");
    for (const secret of recorder.secrets) expect(everything.includes(secret)).toBe(false);
  });
});
