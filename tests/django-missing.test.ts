import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { havePackages, type Machine } from "../labs/django/src/debian/install.ts";
import { LabError, startDjangoLab } from "../labs/django/src/index.ts";
import { DEFAULTS, type LabSwitches } from "../labs/django/src/options.ts";
import { root, run } from "./support/command.ts";

const PROGRAM = join(root, "labs", "django", "bin", "deadheat-lab-django.js");

/** A machine that lacks two packages until they are installed, and what was asked of its apt-get. */
function machine(is: { debian: boolean; root: boolean; broken?: boolean }) {
  const asked: string[] = [];
  const lacking: Machine = {
    ...is,
    look: async () => {
      const there = asked.some((one) => one.startsWith("install"));
      return there
        ? { missing: [], django: "3.2.25" }
        : { missing: ["python3-django", "nginx-light"], django: undefined };
    },
    apt: async (args) => {
      asked.push(args.join(" "));
      if (is.broken) throw new LabError("install-failed", `apt-get ${args[0]} failed (100): no such mirror`);
    },
  };
  return { lacking, asked };
}

const have = (lacking: Machine, more: Partial<LabSwitches> = {}) =>
  havePackages({ ...DEFAULTS, ...more }, () => {}, new AbortController().signal, lacking);

describe("a machine that lacks what the Django lab needs", () => {
  it("is given it, as root on Debian", async () => {
    const { lacking, asked } = machine({ debian: true, root: true });
    await expect(have(lacking)).resolves.toEqual({ django: "3.2.25" });
    expect(asked).toEqual(["update", "install --yes --no-install-recommends python3-django nginx-light"]);
  });

  it.each<[string, { debian: boolean; root: boolean }, Partial<LabSwitches>, RegExp]>([
    [
      "no apt",
      { debian: false, root: true },
      {},
      /^On Debian: apt-get install python3-django nginx-light\. Elsewhere: --python/,
    ],
    ["no root", { debian: true, root: false }, {}, /^On Debian: apt-get install python3-django nginx-light/],
    ["not wanted", { debian: true, root: true }, { install: false }, /^On Debian: apt-get install/],
    [
      "an interpreter of one's own",
      { debian: true, root: true },
      { python: "/opt/py" },
      /^Install them for \/opt\/py/,
    ],
  ])("is told what is missing: %s", async (_name, is, more, hint) => {
    const { lacking, asked } = machine(is);
    await expect(have(lacking, more)).rejects.toMatchObject({
      code: "missing-packages",
      message: "the Django lab needs python3-django nginx-light",
      hint: expect.stringMatching(hint),
    });
    expect(asked).toEqual([]);
  });

  it("says what apt-get said, where that fails", async () => {
    const { lacking } = machine({ debian: true, root: true, broken: true });
    await expect(have(lacking)).rejects.toMatchObject({
      code: "install-failed",
      message: "apt-get update failed (100): no such mirror",
    });
  });
});

describe("the Django lab, told something that cannot be: said before anything starts", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "deadheat-missing-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** An interpreter that says of itself what `answer` says. */
  function interpreter(answer: object): string {
    const file = join(folder, `python-${readdirSync(folder).length}`);
    writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, { mode: 0o755 });
    return file;
  }

  it("a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    await expect(startDjangoLab({ port })).rejects.toMatchObject({
      code: "port-taken",
      message: `port ${port} is taken`,
    });
    taken.close();
  });

  it.each([
    ["3.1.14", "Django 3.1.14 is too old"],
    ["2.2.28", "Django 2.2.28 is too old"],
  ])("Django %s", async (django, message) => {
    await expect(startDjangoLab({ python: interpreter({ missing: [], django }) })).rejects.toMatchObject({
      code: "old-django",
      message,
      hint: expect.stringContaining("3.2 or newer"),
    });
  });

  it.each([
    ["is not there", () => "/nonexistent/python3", "python3-django"],
    [
      "has not got all",
      () => interpreter({ missing: ["drf_spectacular"], django: "4.2" }),
      "python3-djangorestframework-spectacular",
    ],
  ])("an interpreter that %s", async (_name, python, needed) => {
    await expect(startDjangoLab({ python: python() })).rejects.toMatchObject({
      code: "missing-packages",
      message: expect.stringContaining(needed),
    });
  });

  it("as a command: one message, one hint, exit code 2, and no stack", async () => {
    const { code, stdout, stderr } = await run([
      "lab",
      "django",
      "--python",
      interpreter({ missing: [], django: "2.2" }),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "deadheat-lab-django: Django 2.2 is too old\n" +
        "  The lab needs Django 3.2 or newer: name another Python with --python.\n",
    );
  });

  it("an option that there is not", async () => {
    const wrong = spawn(process.execPath, [PROGRAM, "--isolation", "none"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(await once(wrong, "exit")).toEqual([2, null]);
  });
});
