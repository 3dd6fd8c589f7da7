import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./support/command.ts";
import { postgresMissing } from "./support/postgres.ts";

const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), "deadheat-pack-"));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

describe("the published packages, installed into an empty folder", () => {
  beforeAll(async () => {
    await run(npm, ["run", "build"], { cwd: root });
    await run(npm, ["pack", "--workspaces", "--pack-destination", home], { cwd: root });
    const archives = readdirSync(home).filter((name) => name.endsWith(".tgz"));
    writeFileSync(
      join(home, "package.json"),
      JSON.stringify({ name: "user", private: true, type: "module" }),
    );
    const files = archives.map((name) => `./${name}`);
    await run(npm, ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], { cwd: home });
  }, 240_000);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("hold neither sources nor tests", () => {
    for (const name of ["deadheat", "@deadheat/oracle", "@deadheat/guard", "@deadheat/lab"]) {
      const files = readdirSync(join(home, "node_modules", name), { recursive: true, encoding: "utf8" });
      const unwanted = files.filter(
        (file) => /(^|\/)src\/|\.test\.|\.tsbuildinfo$/.test(file) && !/^node_modules\//.test(file),
      );
      expect(unwanted, name).toEqual([]);
    }
  });

  it("the CLI answers --version and --help", async () => {
    const { stdout: version } = await run(npm, ["exec", "--offline", "--", "deadheat", "--version"], {
      cwd: home,
    });
    expect(version.trim()).toBe("0.1.0");
    const { stdout: help } = await run(npm, ["exec", "--offline", "--", "deadheat", "--help"], { cwd: home });
    expect(help).toMatch(/scan/);
    expect(help).toMatch(/lab/);
  });

  it("the pages of explain and the viewer of reports are in it", async () => {
    const explain = ["exec", "--offline", "--", "deadheat", "explain", "lost-update"];
    const { stdout } = await run(npm, explain, { cwd: home });
    expect(stdout).toMatch(/^lost-update\n/);
    const viewer = readdirSync(join(home, "node_modules/deadheat/viewer"));
    expect(viewer.sort()).toEqual(["viewer.css", "viewer.js"]);
  });

  it("the library can be imported", async () => {
    const script =
      'const { scan, reportSchema } = await import("deadheat"); console.log(typeof scan, typeof reportSchema.parse)';
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: home });
    expect(stdout.trim()).toBe("function function");
  });

  it.skipIf(postgresMissing !== false)(
    "the demo runs",
    async () => {
      const { stdout } = await run(npm, ["exec", "--offline", "--", "deadheat", "demo", "--trials", "16"], {
        cwd: home,
        timeout: 150_000,
      });
      expect(stdout).toMatch(/✗ lost-update +POST \/racy\/profile\/score/);
      // Five that come out each time; whether a read sees half of a redemption is luck.
      expect(stdout).toMatch(/^[56] races · 0 inconclusive · \d+ not observed/m);
      expect(stdout).not.toMatch(/✗ \S+ +\S+ \/guarded\//);
    },
    180_000,
  );
});
