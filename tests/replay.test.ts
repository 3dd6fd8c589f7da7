import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replayCommand } from "../packages/deadheat/src/cli/replay.ts";
import { DeadheatError } from "../packages/deadheat/src/index.ts";
import { findingPath, writeReport } from "../packages/deadheat/src/report/files.ts";
import { type Finished, run } from "./support/command.ts";
import { freePort } from "./support/port.ts";
import { secrets, type Target } from "./targets/api.ts";
import { scanned } from "./targets/scanned.ts";
import { workersTarget } from "./targets/workers.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-replay-"));

describe("a proof that is run again", () => {
  let racy: Target;
  let right: Target;
  let witness = "";

  beforeAll(async () => {
    racy = await workersTarget({ racy: true });
    right = await workersTarget();
    const { report } = await scanned(racy, { trials: 4 });
    const finding = report.findings.find((one) => one.weakness === "lost-update");
    if (!finding) throw new Error("nothing was proven");
    await writeReport(folder, report);
    witness = findingPath(folder, report, finding);
  });

  afterAll(async () => {
    await racy.stop();
    await right.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const replay = (file: string, ...flags: string[]): Promise<Finished> =>
    run(["replay", file, "--output", folder, ...flags]);
  /** A witness file with something else in it. */
  const changed = (name: string, change: (file: Record<string, unknown>) => unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(witness, "utf8")))));
    return path;
  };

  it("is still a race where it was, and is not observed where it is right", async () => {
    const [there, fixed] = await Promise.all([
      replay(witness, "--format", "json"),
      replay(witness, "--target", right.url, "--trials", "6"),
    ]);
    expect(there.code, there.stderr).toBe(1);
    const { findings, outcomes } = JSON.parse(there.stdout);
    expect(findings).toHaveLength(1);
    expect(outcomes).toHaveLength(1);
    const [runtime] = findings[0].evidence.filter((one: { kind: string }) => one.kind === "runtime");
    const [proof] = JSON.parse(readFileSync(witness, "utf8")).finding.evidence.filter(
      (one: { kind: string }) => one.kind === "runtime",
    );
    expect(runtime.schedule).toEqual(proof.schedule);
    expect(fixed.stdout).toMatch(/lost-update .*not observed in \d+ overlapped trials/);
    expect(fixed.code, fixed.stdout).toBe(0);
    const told = [there, fixed].map(({ stdout, stderr }) => `${stdout}${stderr}`).join();
    expect([...secrets].filter((secret) => told.includes(secret))).toEqual([]);
  });

  it.each<[string, () => string | Promise<string>, RegExp, RegExp?]>([
    ["no such file", () => join(folder, "none.json"), /none\.json: no such file/],
    ["a folder", () => folder, /cannot be read \(EISDIR\)/],
    ["no JSON", () => textFile("a.json", "{ half"), /a\.json: not JSON/],
    ["an empty file", () => textFile("b.json", ""), /b\.json: not JSON/],
    ["JSON of something else", () => textFile("c.json", '["x"]'), /c\.json: not a witness file/],
    [
      "the report",
      () => witness.replace(/[^/]+$/, "report.json"),
      /is a report, not the proof of a finding/,
      /beside it/,
    ],
    ["its history", () => witness.replace(/\.json$/, ".history.json"), /not a witness file/],
    [
      "a later version",
      () => changed("v2.json", (file) => ({ ...file, schema: "deadheat/finding/2" })),
      /another version of deadheat \(its form is 2/,
      /same version/,
    ],
    [
      "a proof without a run",
      () =>
        changed("spec.json", ({ finding, ...file }) => ({
          ...file,
          finding: { ...(finding as object), evidence: [] },
        })),
      /nothing to run again/,
    ],
    [
      "an operation that the document does not have",
      () =>
        changed("op.json", ({ finding, ...file }) => ({
          ...file,
          finding: { ...(finding as object), operation: { method: "POST", path: "/none" } },
        })),
      /the document plans no lost-update at POST \/none/,
      /--document/,
    ],
    [
      "a document that is gone",
      () => changed("doc.json", (file) => ({ ...file, document: "gone.yaml" })),
      /gone\.yaml: no such file/,
    ],
    [
      "an API that is not there",
      async () => {
        const origin = `http://127.0.0.1:${await freePort()}`;
        return changed("port.json", (file) => ({ ...file, target: { origin } }));
      },
      /does not answer \(ECONNREFUSED\)/,
      /Start the API/,
    ],
    [
      "a target elsewhere, whatever the file says of permission",
      () =>
        changed("far.json", (file) => ({
          ...file,
          target: { origin: "http://192.0.2.1", authorization: "I may" },
        })),
      /192\.0\.2\.1 is not on this machine/,
      /--allow/,
    ],
  ])("%s", async (_name, file, message, hint = /./) => {
    const error = await replayCommand(await file(), { output: folder }).catch((one) => one);
    expect(error).toBeInstanceOf(DeadheatError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
    expect(error.hint).toMatch(hint);
    expect(error.exitCode).toBe(2);
  });

  it("a way of sending that the API does not speak cannot be judged", async () => {
    const file = changed("h2.json", ({ finding, ...rest }) => {
      const { evidence, ...one } = finding as { evidence: { kind: string; schedule: object }[] };
      const spoken = evidence.map((each) =>
        each.kind === "runtime" ? { ...each, schedule: { ...each.schedule, transport: "http3" } } : each,
      );
      return { ...rest, finding: { ...one, evidence: spoken } };
    });
    const { code, stdout } = await replay(file, "--trials", "2");
    expect(stdout).toMatch(/http3 is not spoken here/);
    expect(code).toBe(3);
  });
});

function textFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
