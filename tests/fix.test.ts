import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FixFlags, fixCommand } from "../packages/deadheat/src/cli/fix.ts";
import { fixReportSchema } from "../packages/deadheat/src/source/fixes/output/schema.ts";
import { root } from "./support/command.ts";

const lab = join(root, "labs", "django", "app");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deadheat-fix-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(path: string, flags: FixFlags = {}): Promise<string> {
  const { write } = process.stdout;
  let out = "";
  process.stdout.write = ((text: string) => {
    out += text;
    return true;
  }) as typeof write;
  try {
    expect(await fixCommand(path, flags)).toBe(0);
    return out;
  } finally {
    process.stdout.write = write;
  }
}

function copyOf(name: string): string {
  const to = join(folder, name);
  cpSync(lab, to, { recursive: true });
  return to;
}

function textsOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((one) => one.endsWith(".py"));
  return Object.fromEntries(names.map((one) => [one, readFileSync(join(path, one), "utf8")]));
}

describe("deadheat fix labs/django", () => {
  it("fixes the racy endpoints, leaves the right ones, and has nothing to do the second time", async () => {
    const path = copyOf("written");
    const before = textsOf(path);
    const report = fixReportSchema.parse(JSON.parse(await run(path, { write: true, format: "json" })));
    expect(report.written).toBe(true);
    // Each of the six views answers under three authentication schemes, and the listings under one each.
    const racy = report.fixed.map((one) => one.finding.function);
    expect(new Set(racy)).toEqual(
      new Set([
        "AtomicProfileView.post",
        "Invitations.create_below_limit",
        "RacyBearerRefresh.rotate",
        "RacyNames.take",
        "RacyRedeem.redeem",
        "RacyScore.add",
        "RacyTransfers.move",
        "VulnerableProfileView.post",
        "verify_and_update",
      ]),
    );
    const after = textsOf(path);
    const right = (text: string) =>
      text.match(/^class (Right|Grace|Unlocked)[\s\S]*?(?=^class |^def |^# )/gm) ?? [];
    for (const [name, text] of Object.entries(before))
      expect(right(after[name] as string)).toEqual(right(text));
    const compiled = spawnSync("python3", ["-m", "compileall", "-q", "-f", path], { encoding: "utf8" });
    expect(compiled.stdout + compiled.stderr).toBe("");
    const again = fixReportSchema.parse(JSON.parse(await run(path, { write: true, format: "json" })));
    expect(again.fixed).toEqual([]);
    // The rotation that simplejwt's own serializer does is not the project's to rewrite.
    const left = again.unfixed.filter((one) => one.finding.severity !== "low" || one.reason === "");
    expect(left.map((one) => one.finding.function)).toEqual(["RacyJwtRefresh.rotate"]);
    expect(textsOf(path)).toEqual(after);
  });

  it("prints diffs that git apply and patch take, all that is said about them included", async () => {
    const written = copyOf("by-hand");
    await run(written, { write: true });
    const printed = copyOf("printed");
    const diffs = await run(printed);
    const file = join(folder, "all.diff");
    writeFileSync(file, diffs);
    expect(textsOf(printed)).toEqual(textsOf(lab));
    const applied = spawnSync("git", ["apply", "--unsafe-paths", "-p1", file], {
      cwd: printed,
      encoding: "utf8",
    });
    expect(applied.stderr).toBe("");
    expect(textsOf(printed)).toEqual(textsOf(written));
  });

  it("fixes only what is asked for", async () => {
    const path = copyOf("only");
    const { fixed } = JSON.parse(await run(path, { only: "check-then-act", format: "json" }));
    expect(new Set(fixed.map((one: { finding: { rule: string } }) => one.finding.rule))).toEqual(
      new Set(["check-then-act"]),
    );
    const place = `${fixed[0].finding.file}:${fixed[0].finding.line}`;
    const one = JSON.parse(await run(path, { only: place, format: "json" }));
    expect(one.fixed).toHaveLength(1);
    await expect(run(path, { only: "no-such-rule" })).rejects.toThrow("no such finding");
  });
});
