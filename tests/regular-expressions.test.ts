import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyse } from "scslre";
import { parseSync } from "vite";
import { expect, it } from "vitest";

const packages = fileURLToPath(new URL("../packages/", import.meta.url));
const folders = ["deadheat/src", "viewer/src", "oracle/src", "guard/src"].map((one) => join(packages, one));

interface Expression {
  readonly source: string;
  readonly flags: string;
}

function expressionsIn(file: string): Expression[] {
  const found: Expression[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex) found.push({ source: regex.pattern, flags: regex.flags });
    for (const one of Object.values(node)) walk(one);
  };
  walk(parseSync(file, readFileSync(file, "utf8")).program.body);
  return found;
}

const isExponential = (one: Expression) => analyse(one).reports.some((report) => report.exponential);

/** One that looked for a `with` block and what stands in it by nested repetitions ran for a quarter of an hour on one file. */
it("no expression takes time that doubles with each character", () => {
  expect(isExponential({ source: String.raw`(\s*\n[ \t]+[^\n]*)*\n[ \t]+return`, flags: "" })).toBe(true);
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((one) => /\.tsx?$/.test(one))
      .map((one) => join(folder, one)),
  );
  const all = files.flatMap((file) => expressionsIn(file).map((one) => ({ file, ...one })));
  expect(all.length).toBeGreaterThan(1000);
  expect(
    all.filter(isExponential).map(({ file, source }) => `${file.slice(packages.length)} ${source}`),
  ).toEqual([]);
});
