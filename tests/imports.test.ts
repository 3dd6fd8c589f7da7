import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where each part may import from (DESIGN §3), by folder. What is not listed is forbidden. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  "packages/oracle": [],
  "packages/guard": [],
  // The types of what it shows.
  "packages/viewer": ["report/page/data.ts", "report/page/evidence-block.ts", "findings/evidence.ts"],
  "labs/node": ["packages/guard"],
  "labs/django": ["labs/node"],
  "packages/deadheat/src/plan": [],
  "packages/deadheat/src/findings": ["plan", "root"],
  "packages/deadheat/src/spec": ["plan", "findings", "root"],
  "packages/deadheat/src/source": ["plan", "findings", "root"],
  "packages/deadheat/src/race": ["plan", "findings", "root", "packages/oracle"],
  "packages/deadheat/src/interleave": ["plan", "findings", "root", "packages/oracle"],
  "packages/deadheat/src/config": ["plan", "root", "packages/oracle"],
  "packages/deadheat/src/mail": ["plan", "root"],
  // Of the lab's package only the throw-away PostgreSQL, which is a sub-path of its own.
  "packages/deadheat/src/harness": ["plan", "root", "labs/node"],
  // Reports see findings and events, never how they were made.
  "packages/deadheat/src/report": [
    "findings",
    "root",
    "engine/events.ts",
    "engine/prove/events.ts",
    "packages/oracle",
  ],
  "packages/deadheat/src/engine": [
    "plan",
    "findings",
    "spec",
    "source",
    "race",
    "interleave",
    "config",
    "mail",
    "harness",
    "root",
    "packages/oracle",
  ],
  // What a program gets that imports deadheat: the same as the command line, without the printing.
  "packages/deadheat/src/api": ["engine", "plan", "findings", "report", "config", "root", "cli/clock.ts"],
  "packages/deadheat/src/cli": ["engine", "plan", "findings", "report", "config", "root", "packages/oracle"],
};
/** Files directly under src/ that every part may use. */
const ROOT_FILES = [
  "inert.ts",
  "errors.ts",
  "clock.ts",
  "random.ts",
  "version.ts",
  "process-group.ts",
  "package-folder.ts",
];
const PACKAGES: Readonly<Record<string, string>> = {
  "@deadheat/oracle": "packages/oracle",
  "@deadheat/guard": "packages/guard",
  "@deadheat/lab-django": "labs/django",
  "@deadheat/lab": "labs/node",
  deadheat: "packages/deadheat",
};
const SOURCE = "packages/deadheat/src";

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes("node_modules") && !name.startsWith("dist"))
    .map((name) => join(folder, name));
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)].map((match) => match[1] as string);
}

/** The part of the house that an import reaches, or `undefined` for one of its own or of a library. */
function partOf(file: string, specifier: string): string | undefined {
  const packageName = Object.keys(PACKAGES).find(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  );
  if (packageName) return PACKAGES[packageName];
  if (!specifier.startsWith(".")) return undefined;
  const path = relative(root, resolve(root, dirname(file), specifier));
  if (!path.startsWith(`${SOURCE}/`)) return path.split("/").slice(0, 2).join("/");
  const inner = path.slice(SOURCE.length + 1);
  return inner.includes("/") ? inner : `root/${inner}`;
}

function forbidden(file: string, text: string): string[] {
  const folder = Object.keys(RULES).find((name) => file.startsWith(`${name}/`));
  if (!folder) return [];
  const own = folder.startsWith(SOURCE) ? folder.slice(SOURCE.length + 1) : folder;
  const allowed = RULES[folder] ?? [];
  return importsOf(text).filter((specifier) => {
    const part = partOf(file, specifier);
    if (part === undefined || part === own || part.startsWith(`${own}/`)) return false;
    if (part.startsWith("root/")) return !(allowed.includes("root") && ROOT_FILES.includes(part.slice(5)));
    return !allowed.some((one) => part === one || part.startsWith(`${one}/`));
  });
}

describe("who may import whom", () => {
  const files = [
    "packages/oracle/src",
    "packages/guard/src",
    "packages/viewer/src",
    "labs/node/src",
    "labs/django/src",
    SOURCE,
  ].flatMap(sources);

  it.each(files.filter((file) => !file.endsWith(".test.ts")))("%s", (file) => {
    expect(forbidden(file, readFileSync(join(root, file), "utf8"))).toEqual([]);
  });

  it("the oracle imports nothing at all, not even from Node, outside its pool", () => {
    const pure = sources("packages/oracle/src").filter(
      (file) => !/\.test\.ts$|\/pool\/|\/testing\//.test(file),
    );
    for (const file of pure) {
      const outside = importsOf(readFileSync(join(root, file), "utf8")).filter((one) => !one.startsWith("."));
      expect(outside, file).toEqual([]);
    }
  });

  it.each([
    ["packages/oracle/src/check.ts", 'import { compose } from "deadheat";'],
    ["packages/deadheat/src/spec/index.ts", 'import { learn } from "../race/index.ts";'],
    ["packages/deadheat/src/race/run.ts", 'import { loadDocument } from "../spec/index.ts";'],
    ["packages/deadheat/src/report/files.ts", 'import { scan } from "../engine/scan.ts";'],
    ["packages/deadheat/src/cli/scan.ts", 'import { learn } from "../race/index.ts";'],
    ["labs/node/src/app.ts", 'import { check } from "@deadheat/oracle";'],
    ["packages/viewer/src/page.tsx", 'import { verdictOf } from "../../deadheat/src/report/words.ts";'],
    ["packages/guard/src/index.ts", 'import type { Plan } from "../../deadheat/src/plan/plan.ts";'],
  ])("a forbidden import in %s is found", (file, text) => {
    expect(forbidden(file, text)).toHaveLength(1);
  });
});
