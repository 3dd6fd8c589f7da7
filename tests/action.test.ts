import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "./support/command.ts";
import { packageFolder } from "./support/packages.ts";

const home = mkdtempSync(join(tmpdir(), "deadheat-action-"));
const text = readFileSync(join(root, "action.yml"), "utf8");
const action = parse(text);
const guide = readFileSync(join(root, "docs", "ci.md"), "utf8");
const workflow = /```yaml\n(jobs:[\s\S]*?)```/.exec(guide)?.[1] ?? "";

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** In npx's place: notes what it was given, writes what a scan would, and ends as it is told. */
const NPX = `#!/usr/bin/env bash
printf '%s\\0' "$@" >"$NOTED"
for one in "$@"; do
  case "$one" in *=.deadheat/action/*) if [ -n "$CONTENT" ]; then printf '%s' "$CONTENT" >"\${one#*=}"; else : >"\${one#*=}"; fi ;; esac
done
exit "$CODE"
`;

/** What a runner does with a composite action of one step: inputs by their defaults, expressions filled in. */
function ran(inputs: Readonly<Record<string, string>>, { code = 0, content = "a report" } = {}) {
  const cwd = mkdtempSync(join(home, "run-"));
  const bin = join(cwd, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npx"), NPX);
  chmodSync(join(bin, "npx"), 0o755);
  const valueFor = (name: string) => inputs[name] ?? action.inputs[name].default ?? "";
  const [step] = action.runs.steps;
  const filled = Object.entries<string>(step.env).map(([name, expression]) => [
    name,
    expression.replace(/^\$\{\{ inputs\.([\w-]+) \}\}$/, (_, input: string) => valueFor(input)),
  ]);
  const files = { output: join(cwd, "output"), summary: join(cwd, "summary"), noted: join(cwd, "noted") };
  const { status, stdout, stderr } = spawnSync(step.shell, ["-c", step.run], {
    cwd,
    encoding: "utf8",
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      ...Object.fromEntries(filled),
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      NOTED: files.noted,
      CODE: String(code),
      CONTENT: content,
    },
  });
  const lines = existsSync(files.output) ? readFileSync(files.output, "utf8").trimEnd().split("\n") : [];
  const given = existsSync(files.noted) ? readFileSync(files.noted, "utf8").split("\0").slice(0, -1) : [];
  return {
    ...{ cwd, status, stdout, stderr, given },
    outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
      string,
      string
    >,
    summary: existsSync(files.summary) ? readFileSync(files.summary, "utf8") : "",
  };
}

describe("the GitHub Action", () => {
  it("and the workflow of docs/ci.md are what GitHub's schemas ask for", () => {
    const require = createRequire(import.meta.url);
    const { validateAction, validateWorkflow } = require(packageFolder("@action-validator/core@0.6.0"));
    expect(validateAction(text).errors).toEqual([]);
    expect(validateWorkflow(`on: [push, pull_request]\n${workflow}`).errors).toEqual([]);
    expect(validateAction(text.replace("using: composite", "using: compound")).errors).not.toEqual([]);
  });

  it("hands its inputs on as they are, whatever is in them", () => {
    const hostile = `$(touch owned) \`touch owned\` "; touch owned; '`;
    const { given, cwd, status } = ran({
      document: hostile,
      "fail-on": "high",
      baseline: "a b.json",
      arguments: `--trials\n100\n${hostile}`,
    });
    expect(status).toBe(0);
    expect(existsSync(join(cwd, "owned"))).toBe(false);
    const from = given.indexOf("scan");
    expect(given.slice(0, from)).toEqual([
      "--yes",
      "--package",
      action.inputs.package.default,
      "--",
      "deadheat",
    ]);
    expect(given.slice(from, from + 9)).toEqual([
      ...["scan", hostile, "--baseline", "a b.json", "--fail-on", "high"],
      ...["--trials", "100", hostile],
    ]);
  });

  it.each([0, 1, 3])("ends with %i as the scan did, and tells where its reports are", (code) => {
    const { status, outputs, summary, cwd } = ran({}, { code });
    expect(status).toBe(code);
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
    expect(outputs["exit-code"]).toBe(String(code));
    for (const name of ["sarif", "junit", "markdown", "page"])
      expect(readFileSync(join(cwd, outputs[name] ?? ""), "utf8"), name).toBe("a report");
    expect(summary).toBe("a report");
  });

  it("names no report that is not there: a scan that ended on its arguments leaves empty files", () => {
    const { status, outputs, summary } = ran({}, { code: 2, content: "" });
    expect(status).toBe(2);
    expect(outputs).toEqual({ "exit-code": "2" });
    expect(summary).toBe("");
  });

  it("an API that ends at once: the end of its output, in which nothing is an order to the runner", () => {
    const start = "echo ::error::owned; echo '##[error]owned'; exit 1";
    const { status, stderr, given } = ran({ start, target: "http://127.0.0.1:9", wait: "5" });
    expect(status).toBe(2);
    expect(given).toEqual([]);
    expect(stderr).toMatch(/does not answer at http:\/\/127\.0\.0\.1:9/);
    expect(stderr).toContain("::error::owned");
    expect(stderr).not.toMatch(/^\s*(::|##\[)/m);
  });

  it("the steps after it, in docs/ci.md, run only where there is something to hand on", () => {
    const { steps } = parse(workflow).jobs.races;
    const by = (output: string) =>
      steps.find((one: object) => JSON.stringify(one).includes(`outputs.${output} }}`));
    expect(by("sarif").if).toBe("always() && steps.races.outputs.sarif != ''");
    expect(by("sarif").uses).toMatch(/^github\/codeql-action\/upload-sarif@/);
    const comment = by("markdown");
    expect(comment.if).toContain("github.event_name == 'pull_request'");
    expect(comment.if).toContain("steps.races.outputs.markdown != ''");
    const { outputs, cwd } = ran({});
    const script = comment.run
      .replace(/\$\{\{ github\.event\.number \}\}/, "7")
      .replace(/\$\{\{ steps\.races\.outputs\.markdown \}\}/, outputs.markdown);
    const gh = `gh() { printf '%s|' "$@"; eval "body=\\\${$#}"; cat "$body"; }\n${script}`;
    const said = execFileSync("bash", ["-c", gh], { cwd, encoding: "utf8" });
    expect(said).toBe(`pr|comment|7|--edit-last|--create-if-none|--body-file|${outputs.markdown}|a report`);
  });
});
