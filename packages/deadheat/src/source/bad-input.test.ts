import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSource } from "./check.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "deadheat-bad-input-"));
});
afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), content);
}

const check = () => checkSource(project, { now: () => 0 });
const RACE = `
def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    profile.score += 1
    profile.save()
`;
/** The race is found in `file`, whatever else is in the project. */
async function expectRace(file: string) {
  const report = await check();
  expect(report.findings.map((one) => [one.rule, one.file])).toContainEqual(["python-counter", file]);
  return report;
}
const reasonFor = (report: Awaited<ReturnType<typeof check>>, file: string) =>
  report.partial.find((one) => one.file === file)?.reason ?? "";

describe("what is analysed as far as possible", () => {
  it("Python 2", async () => {
    write(
      "old.py",
      `def g(x):\n    print "a", x\n    exec "b"\n    try:\n        raise ValueError, "c"\n    except ValueError, e:\n        print >>f, e\n\n${RACE}`,
    );
    await expectRace("old.py");
  });

  it("a half-written file: what was not understood is said, and where", async () => {
    write(
      "half.py",
      `${RACE}\ndef broken(:\n    x = (1,\n\nclass Open:\n    def f(self):\n        return "\n`,
    );
    const report = await expectRace("half.py");
    expect(reasonFor(report, "half.py")).toMatch(/^partially analysed: not understood at line \d+/);
  });

  it("a generated file of 100,000 lines", async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `    (${index}, "row ${index}", None),`);
    write("table.py", `from django.db import models\nROWS = [\n${rows.join("\n")}\n]\n${RACE}`);
    await expectRace("table.py");
  });

  it("more than eight megabytes are left out, and that is said", async () => {
    write("huge.py", `# ${"x".repeat(8_100_000)}\n${RACE}`);
    write("views.py", RACE);
    const report = await expectRace("views.py");
    expect(reasonFor(report, "huge.py")).toBe("not analysed: 8 MB");
  });

  it("symbolic links in a circle, to itself, and to nowhere", async () => {
    write("app/views.py", RACE);
    symlinkSync(project, join(project, "app", "up"));
    symlinkSync(join(project, "self"), join(project, "self"));
    symlinkSync(join(project, "nothing.py"), join(project, "gone.py"));
    const report = await expectRace("app/views.py");
    expect(report.findings.filter((one) => one.rule === "python-counter")).toHaveLength(1);
  });

  it.each([
    ["declared", "# -*- coding: latin-1 -*-\n", "not valid UTF-8 (read as latin-1)"],
    ["not declared", "", "not valid UTF-8 (read as utf-8)"],
    ["declared as nothing that there is", "# coding: klingon\n", "not valid UTF-8 (read as latin-1)"],
  ])("not UTF-8, %s", async (_, head, reason) => {
    write("umlaut.py", Buffer.from(`${head}NAME = "M\u00fcller"\n${RACE}`, "latin1"));
    expect(reasonFor(await expectRace("umlaut.py"), "umlaut.py")).toBe(reason);
  });

  it("a byte order mark, carriage returns, form feeds, tabs", async () => {
    write("windows.py", `\ufeff${RACE.replaceAll("\n", "\r\n").replaceAll("    ", "\t")}\f\r\n`);
    await expectRace("windows.py");
  });

  it("bytes that are no text, and a folder that is called like a file", async () => {
    write(
      "binary.py",
      Uint8Array.from({ length: 5000 }, (_, index) => (index * 131) % 256),
    );
    write("folder.py/views.py", RACE);
    await expectRace("folder.py/views.py");
  });

  it("notebooks and other files are no Python", async () => {
    write("views.py", RACE);
    write("book.ipynb", JSON.stringify({ cells: [{ source: RACE }] }));
    expect((await expectRace("views.py")).files).toBe(1);
  });

  it("settings that compute everything: a request may be one transaction or not", async () => {
    write(
      "settings.py",
      `import os\nDATABASES = {"default": dict(load(os.environ), ATOMIC_REQUESTS=flag("ATOMIC"))}\nglobals().update(more())\nfrom .local import *\nfor name in os.environ: exec(name)\nINSTALLED_APPS = [*base(), *(x for x in y)]\n`,
    );
    write("views.py", RACE);
    await expectRace("views.py");
  });

  it("imports, bases, aliases and calls in a circle", async () => {
    write(
      "a.py",
      `from b import *\nfrom b import B as A\nclass C(A): pass\nx = y\ny = x\n${RACE}\ndef f(n): return g(n)\ndef g(n): return f(n)\n`,
    );
    write("b.py", "from a import *\nfrom a import C as B\nclass D(D, B): pass\n");
    await expectRace("a.py");
  });

  it("nesting that nobody writes by hand", async () => {
    write(
      "deep.py",
      `x = ${"(".repeat(3000)}1${")".repeat(3000)}\ndef h(y):\n    y.save()\n    return ${"[".repeat(900)}y${"]".repeat(900)}\n${RACE}`,
    );
    await expectRace("deep.py");
  });

  it("an empty folder and empty files", async () => {
    expect((await check()).files).toBe(0);
    write("empty.py", "");
    write("blank.py", "\n\n   \n# only a comment");
    expect(await check()).toMatchObject({ files: 2, findings: [], partial: [] });
  });
});
