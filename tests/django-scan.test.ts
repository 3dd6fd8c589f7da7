import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Report, reportSchema } from "../packages/deadheat/src/index.ts";
import { type Finished, run } from "./support/command.ts";
import { djangoLabForTests } from "./support/django.ts";
import { type Recorder, recordSecrets } from "./support/recorder.ts";
import { textsIn } from "./support/texts.ts";

/** A few of the lab's paths: all of them take minutes (npm run soak:django). */
const PATHS = /\/(racy|right|unlocked)\/(register|login|profile|logout|score)\/$/;
const RACES = ["lost-update", "revocation-race"];
/** Long enough for a withdrawal and a read to fit between check and act, on a busy machine too. */
const WINDOW_MS = 40;

const lab = await djangoLabForTests({ think: WINDOW_MS });
const folder = mkdtempSync(join(tmpdir(), "deadheat-django-"));
afterAll(async () => {
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!lab)("the Django lab under gunicorn 2 × 8, scanned as a user would", () => {
  let recorder: Recorder;
  let scan: Finished;
  let report: Report;

  beforeAll(async () => {
    const { paths, ...rest } = parse(readFileSync(lab!.documents.bearer, "utf8"));
    const chosen = Object.entries(paths).filter(([path]) => PATHS.test(path));
    const document = join(folder, "openapi.json");
    writeFileSync(document, JSON.stringify({ ...rest, paths: Object.fromEntries(chosen) }));
    recorder = await recordSecrets(lab!.url);
    const only = RACES.flatMap((one) => ["--only", one]);
    scan = await run(
      [
        "scan",
        document,
        "--target",
        recorder.url,
        "--trials",
        "16",
        ...only,
        "--format",
        "json",
        "--output",
        "out",
      ],
      { cwd: folder },
    );
    report = JSON.parse(scan.stdout) as Report;
  }, 240_000);
  afterAll(() => recorder?.server.close());

  const outcomes = () =>
    report.outcomes
      .filter(({ status }) => status !== "not-applicable")
      .map(({ weakness, operation, status }) => `${weakness} ${operation.path} ${status}`)
      .sort();

  it("proves what is racy, the check without a lock as well, and nothing else", () => {
    expect(outcomes()).toEqual([
      "lost-update /bearer/racy/score/ proven",
      "lost-update /bearer/right/score/ not-observed",
      "lost-update /bearer/unlocked/score/ not-observed",
      "revocation-race /bearer/racy/score/ proven",
      "revocation-race /bearer/right/score/ not-observed",
      "revocation-race /bearer/unlocked/score/ proven",
    ]);
    expect(scan.code).toBe(1);
    expect(reportSchema.safeParse(report).error).toBeUndefined();
  });

  it("lets no token and no password out", () => {
    expect(recorder.secrets.size).toBeGreaterThan(50);
    const everything = [scan.stdout, scan.stderr, ...textsIn(join(folder, "out"))].join("\n");
    expect([...recorder.secrets].filter((secret) => everything.includes(secret))).toEqual([]);
  });
});
