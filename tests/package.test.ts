import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "./support/command.ts";
import { freePort } from "./support/port.ts";
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

  it("a check finds the grammar for what is not plain Python", async () => {
    writeFileSync(join(home, "old.py"), "def show(order):\n    print order.objects\n");
    const check = ["exec", "--offline", "--", "deadheat", "check", "old.py", "--format", "json"];
    const { stdout } = await run(npm, check, { cwd: home });
    expect(JSON.parse(stdout).files).toBe(1);
  });

  it("the pages of explain and the viewer of reports are in it", async () => {
    const explain = ["exec", "--offline", "--", "deadheat", "explain", "lost-update"];
    const { stdout } = await run(npm, explain, { cwd: home });
    expect(stdout).toMatch(/^lost-update\n/);
    const viewer = readdirSync(join(home, "node_modules/deadheat/viewer"));
    expect(viewer.sort()).toEqual(["viewer.css", "viewer.js"]);
  });

  it("the action starts an API, scans it, leaves its reports, and stops it", async () => {
    const port = await freePort();
    const server = `require("http").createServer((_, a) => a.writeHead(401).end()).listen(${port}, "127.0.0.1")`;
    const outputs = join(home, "outputs");
    const summary = join(home, "summary");
    const env = {
      ...process.env,
      npm_config_offline: "true",
      ACTION_DOCUMENT: join(root, "labs/node/openapi.yaml"),
      ACTION_TARGET: `http://127.0.0.1:${port}`,
      // A shell between: what it starts must end as well.
      ACTION_START: `node -e '${server}'; true`,
      ACTION_FAIL_ON: "proven",
      ACTION_ARGUMENTS: "--trials\n4\n",
      ACTION_PACKAGE: "deadheat@0.1.0",
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: summary,
    };
    const ended = run("bash", [join(root, "scripts/action.sh")], { cwd: home, env });
    await expect(ended).rejects.toMatchObject({ code: 3, stdout: expect.stringMatching(/no credential/) });
    const told = Object.fromEntries(
      readFileSync(outputs, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("=")),
    );
    expect(told["exit-code"]).toBe("3");
    expect(JSON.parse(readFileSync(join(home, told.sarif), "utf8")).version).toBe("2.1.0");
    expect(readFileSync(join(home, told.page), "utf8")).toMatch(/^<!doctype html>/);
    expect(readFileSync(summary, "utf8")).toMatch(/Nothing was proven/);
    await expect(fetch(env.ACTION_TARGET)).rejects.toThrow();
  });

  it("an action whose API does not start says why", async () => {
    const env = {
      ...process.env,
      ACTION_START: "echo no database >&2; exit 1",
      ACTION_TARGET: "http://127.0.0.1:9",
    };
    const ended = run("bash", [join(root, "scripts/action.sh")], { cwd: home, env });
    await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/no database/) });
  });

  it("no input of the action is part of a script", () => {
    const action = parse(readFileSync(join(root, "action.yml"), "utf8"));
    const [step] = action.runs.steps;
    expect(step.run).not.toContain("${" + "{");
    const handed = Object.values(step.env).join(" ");
    for (const name of Object.keys(action.inputs)) expect(handed).toContain(`inputs.${name} `);
    const script = readFileSync(join(root, "scripts/action.sh"), "utf8");
    for (const name of Object.keys(step.env)) expect(script).toContain(name);
    for (const { value } of Object.values<{ value: string }>(action.outputs))
      expect(script).toContain(`${/outputs\.([\w-]+)/.exec(value)?.[1]}=`);
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
