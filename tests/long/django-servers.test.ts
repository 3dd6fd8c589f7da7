import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { type DjangoLabOptions, startDjangoLab } from "../../labs/django/src/index.ts";
import type { Report } from "../../packages/deadheat/src/index.ts";
import { run } from "../support/command.ts";
import { djangoLabForTests } from "../support/django.ts";

const probe = await djangoLabForTests();
await probe?.stop();
vi.setConfig({ testTimeout: 300_000 });
const SCORE = /\/(racy|right)\/(register|login|profile|logout|score)\/$/;
const RACES = ["lost-update", "revocation-race", "lock-hold"].flatMap((one) => ["--only", one]);

/** What the doctor says of a lab with these switches, and what a scan of its score finds. */
async function lookedAt(
  options: DjangoLabOptions,
): Promise<{ said: string; report: Report; code: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-servers-"));
  const lab = await startDjangoLab(options);
  try {
    const { paths, ...rest } = parse(readFileSync(lab.documents.bearer, "utf8"));
    const score = Object.entries(paths).filter(([path]) => SCORE.test(path));
    const document = join(folder, "score.json");
    writeFileSync(document, JSON.stringify({ ...rest, paths: Object.fromEntries(score) }));
    const target = [document, "--target", lab.url];
    const options = { cwd: folder, env: lab.certificate ? { NODE_EXTRA_CA_CERTS: lab.certificate } : {} };
    const doctor = await run(["doctor", ...target], options);
    const scan = await run(["scan", ...target, "--trials", "24", ...RACES, "--format", "json"], options);
    return { said: doctor.stdout, report: JSON.parse(scan.stdout), code: scan.code };
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const outcome = ({ outcomes }: Report, weakness: string, half: string) =>
  outcomes.find((one) => one.weakness === weakness && one.operation.path === `/bearer/${half}/score/`);

describe.skipIf(!probe)("where Django works on one request at a time", () => {
  it.each<[string, DjangoLabOptions]>([
    ["uvicorn, of which the synchronous views share one thread", { server: "uvicorn", workers: 1 }],
    ["gunicorn 1 × 1", { workers: 1, threads: 1 }],
    ["gunicorn 1 × 1 behind nginx with HTTP/2", { workers: 1, threads: 1, front: "h2" }],
  ])("%s: the doctor says why, and nothing is proven", async (_name, options) => {
    const { said, report, code } = await lookedAt(options);
    expect(said).toMatch(/server +one request at a time \(.*\): requests cannot overlap/);
    expect(report.findings).toEqual([]);
    expect(code).toBe(3);
    for (const half of ["racy", "right"]) {
      expect(outcome(report, "lost-update", half)?.reason).toMatch(/^requests cannot overlap/);
      expect(outcome(report, "revocation-race", half)?.status).toBe("inconclusive");
    }
  });
});

describe.skipIf(!probe)("where it works on several", () => {
  it.each<[string, DjangoLabOptions, RegExp]>([
    ["gunicorn", {}, /speaks +HTTP\/1\.1 last-byte$/m],
    ["nginx with HTTP/2", { front: "h2" }, /speaks +HTTP\/2 single-packet · HTTP\/1\.1 last-byte/],
    ["nginx with HTTP/2 in clear", { front: "h2c" }, /speaks +HTTP\/2 single-packet/],
  ])(
    "%s: one connection or many, what is racy is proven and what is right is not",
    async (_name, options, speaks) => {
      const { said, report } = await lookedAt(options);
      expect(said).toMatch(speaks);
      expect(said).toMatch(/server +(works on about|requests overlap)/);
      for (const weakness of ["lost-update", "revocation-race"]) {
        expect(outcome(report, weakness, "racy")?.status).toBe("proven");
        expect(outcome(report, weakness, "right")?.status).toBe("not-observed");
      }
    },
  );
});
