import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckFlags, checkCommand } from "../packages/deadheat/src/cli/check.ts";
import { checkSource } from "../packages/deadheat/src/engine/check.ts";
import { requestRules } from "../packages/deadheat/src/source/requests/index.ts";
import { TOLD_BY_PROVE } from "../packages/deadheat/src/source/requests/rule.ts";
import { rules } from "../packages/deadheat/src/source/rules/index.ts";
import { pageOf } from "../packages/deadheat/src/source/rules/page.ts";
import { run as runCommand } from "./support/command.ts";

const here = dirname(fileURLToPath(import.meta.url));
const background = join(here, "source", "background");
const now = () => performance.now();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deadheat-check-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function project(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The command's exit code and what it prints. */
async function run(
  path: string,
  flags: CheckFlags,
): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  const write = process.stdout.write;
  process.stdout.write = ((text: string) => {
    out += text;
    return true;
  }) as typeof write;
  try {
    return { code: await checkCommand(path, flags), out };
  } finally {
    process.stdout.write = write;
  }
}

const COUNTER = "def add(request, pk):\n    p = Profile.objects.get(pk=pk)\n    p.score += 1\n    p.save()\n";

describe("the listings of the background text", () => {
  it("are found, each for its own reason, and their right versions are not", async () => {
    const { findings } = await checkSource(background, { now });
    expect(findings.map((one) => [one.rule, one.file, one.function])).toEqual([
      ["python-counter", "shop/racy.py", "UpdateProfileView.post"],
      ["lock-wrong-row", "shop/racy.py", "verify_and_update_bearer"],
      ["atomic-without-lock", "shop/racy.py", "SecureProfileView.post"],
      // Low: once for DRF's authenticator, at the view that names it.
      ["authenticated-then-act", "shop/racy.py", "SecureProfileView"],
    ]);
  });

  it("are shown as one path from the route to the write", async () => {
    const { findings } = await checkSource(background, { now });
    const drf = findings.find((one) => one.function === "SecureProfileView.post");
    expect(drf?.operation).toEqual({ method: "POST", path: "/api/racy/drf/" });
    expect(drf?.path.map((step) => step.role)).toEqual(["route", "authentication", "read", "write"]);
    expect(drf?.path.at(-1)?.text).toBe("request.user.profile.save()");
  });
});

describe("deadheat check", () => {
  it("prints JSON with the keys that others build on, and exits 0", async () => {
    const { code, out } = await run(background, { format: "json" });
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(report)).toEqual(expect.arrayContaining(["schema", "findings", "files", "partial"]));
    expect(Object.keys(report.findings[0])).toEqual(
      expect.arrayContaining([
        "rule",
        "weakness",
        "severity",
        "confidence",
        "file",
        "line",
        "endLine",
        "function",
        "path",
        "fixable",
      ]),
    );
  });

  it("says nothing beside its report: V8 knows what it is asked for", async () => {
    const root = project("silent", { "shop/views.py": COUNTER });
    const { code, stderr } = await runCommand(["check", root, "--no-cache"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("exits 1 with --fail-on suspected, and 0 where all is in the baseline", async () => {
    expect((await run(background, { format: "json", failOn: "suspected" })).code).toBe(1);
    const baseline = join(folder, "baseline.json");
    writeFileSync(baseline, (await run(background, { format: "json" })).out);
    const after = await run(background, { format: "json", failOn: "suspected", baseline });
    expect(after.code).toBe(0);
    expect(JSON.parse(after.out)).toMatchObject({ findings: [], ignored: 4 });
  });

  it("writes SARIF with a code flow a finding", async () => {
    const log = JSON.parse((await run(background, { format: "sarif" })).out);
    expect(log.version).toBe("2.1.0");
    const [result] = log.runs[0].results;
    expect(result.codeFlows[0].threadFlows[0].locations.length).toBeGreaterThan(2);
    expect(log.runs[0].tool.driver.rules.map((one: { id: string }) => one.id)).toContain(result.ruleId);
  });

  it("leaves out what a comment with a reason says, and not what one without says", async () => {
    const line = "    p.save()";
    const reason = COUNTER.replace(line, `${line}  # deadheat: ignore[python-counter] one worker only`);
    const bare = COUNTER.replace(line, `${line}  # deadheat: ignore[python-counter]`);
    const other = COUNTER.replace(line, `${line}  # deadheat: ignore[next-free-value] no`);
    const count = async (text: string) =>
      (await checkSource(project("ignored", { "a.py": text }), { now })).findings.length;
    expect([await count(COUNTER), await count(reason), await count(bare), await count(other)]).toEqual([
      1, 0, 1, 1,
    ]);
  });

  it.each([
    [{ format: "xml" }, "no such format"],
    [{ failOn: "proven" }, "not a status"],
    [{ baseline: "/nowhere.json" }, "ENOENT"],
  ] as const)("says what is wrong with %o", async (flags, message) => {
    await expect(run(background, flags)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(message),
    });
  });

  it("says that there is nothing to check", async () => {
    await expect(run(join(folder, "nowhere"), {})).rejects.toMatchObject({ code: "usage" });
    await expect(run(project("empty", { "readme.txt": "" }), {})).rejects.toMatchObject({ code: "usage" });
  });
});

describe("whatever the sources are", () => {
  it("finds what is beside an error, and says where it did not understand", async () => {
    const root = project("broken", { "a.py": `def half(:\n    return (\n\n\n${COUNTER}\ndef other(\n` });
    const report = await checkSource(root, { now });
    expect(report.findings.map((one) => one.function)).toEqual(["add"]);
    expect(report.partial[0]?.reason).toContain("partially analysed");
  });

  it("reads Python 2, latin-1 and Windows line ends", async () => {
    const python2 = `# coding: latin-1\nprint "caf\xe9"\ntry:\n    pass\nexcept ValueError, e:\n    print e\n\n${COUNTER}`;
    const root = project("old", {
      "a.py": Buffer.from(python2, "latin1"),
      "b.py": COUNTER.replaceAll("\n", "\r\n"),
      "c.py": Buffer.concat([Buffer.from(COUNTER), Buffer.from([0xff, 0xfe, 0x0a])]),
    });
    const report = await checkSource(root, { now });
    expect(report.findings.map((one) => one.file)).toEqual(["a.py", "b.py", "c.py"]);
  });

  it("is not caught in a loop of links, and reads each file once", async () => {
    const root = project("links", { "app/a.py": COUNTER });
    symlinkSync(root, join(root, "app", "again"));
    symlinkSync(join(root, "app"), join(root, "copy"));
    expect((await checkSource(root, { now })).findings).toHaveLength(1);
  });

  it("gets through a generated file of 100,000 lines", async () => {
    const block = (n: number) =>
      `def f${n}(request, pk):\n    row = Thing.objects.get(pk=pk)\n    row.name = "x"\n    row.save(update_fields=["name"])\n`;
    const root = project("long", {
      "a.py": Array.from({ length: 25_000 }, (_, n) => block(n)).join("") + COUNTER,
    });
    const { findings } = await checkSource(root, { now });
    expect(findings.map((one) => one.function)).toEqual(["add"]);
  });

  it("says of settings that compute everything what it can", async () => {
    const root = project("computed", {
      "settings.py":
        "import os\nDATABASES = {'default': make(os.environ)}\nREST_FRAMEWORK = load()\nfor n in dir():\n    globals()[n] = 1\n",
      "views.py": COUNTER,
    });
    expect((await checkSource(root, { now })).findings).toHaveLength(1);
  });

  it("is not brought down by deep nesting", async () => {
    const deep = `x = ${"(".repeat(3000)}1${")".repeat(3000)}\ny = ${"a + ".repeat(20_000)}a\nz = ${"[".repeat(2000)}${"]".repeat(2000)}\n${COUNTER}`;
    const root = project("deep", { "a.py": deep });
    expect((await checkSource(root, { now })).findings.map((one) => one.function)).toContain("add");
  });
});

describe("pages of the rules", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "docs/rules/%s.md says what the rule says",
    (id, rule) => {
      expect(readFileSync(join(here, "..", "docs", "rules", `${id}.md`), "utf8")).toBe(pageOf(rule));
    },
  );

  it.each(requestRules.map((rule) => [rule.id, rule] as const))(
    "docs/rules/%s.md says what the rule about a whole request says",
    (id, rule) => {
      const page = pageOf(rule, TOLD_BY_PROVE);
      expect(readFileSync(join(here, "..", "docs", "rules", `${id}.md`), "utf8")).toBe(page);
    },
  );
});
