import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSource } from "../check.ts";
import type { CheckReport } from "../finding.ts";
import { rules } from "../rules/index.ts";
import { Sections, writeSections } from "./sections.ts";

let project: string;
let cache: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "deadheat-check-"));
  cache = join(project, "..", `cache-of-${project.split("/").at(-1)}`);
  rules.forEach((rule, index) => {
    writeFileSync(join(project, `views_${index}.py`), rule.examples.racy.join("\n"));
  });
});
afterEach(() => {
  for (const folder of [project, cache]) rmSync(folder, { recursive: true, force: true });
});

const check = async (folder?: string, more: object = {}) => {
  const report = await checkSource(project, { now: () => 0, ...(folder ? { cache: folder } : {}), ...more });
  return { ...report, durationMs: 0 };
};
const stored = () => readdirSync(cache).filter((one) => one.endsWith(".bin"));
const storedFile = () => join(cache, stored()[0]!);

describe("the report of the last run", () => {
  it("is the same with and without a cache, at the first run and at the second", async () => {
    const plain = await check();
    expect(plain.findings.length).toBeGreaterThan(rules.length / 2);
    expect(await check(cache)).toEqual(plain);
    expect(stored()).toHaveLength(1);
    expect(await check(cache)).toEqual(plain);
  });

  it("is used: what it says is what is said", async () => {
    await check(cache);
    const key = readFileSync(storedFile(), "latin1").split("\n", 1)[0]!;
    const kept = Sections.read(storedFile(), key)!;
    const report = { ...kept.json<CheckReport>("report"), files: 4711 };
    writeSections(storedFile(), key, { ...kept.all(), report });
    expect((await check(cache)).files).toBe(4711);
  });

  it("is not used when one byte of a source has changed, a file came or went, or tests are looked at", async () => {
    await check(cache);
    const first = join(project, "views_0.py");
    writeFileSync(first, readFileSync(first, "utf8").replace("select_for_update()", "select_for_updatf()"));
    expect(await check(cache)).toEqual(await check());
    writeFileSync(join(project, "more.py"), rules.at(-1)!.examples.racy[0]!);
    expect(await check(cache)).toEqual(await check());
    rmSync(first);
    expect(await check(cache)).toEqual(await check());
    writeFileSync(join(project, "test_x.py"), rules.at(5)!.examples.racy[0]!);
    expect(await check(cache, { tests: true })).toEqual(await check(undefined, { tests: true }));
  });

  it("is not used when it was cut off, changed or is no report at all", async () => {
    const plain = await check(cache);
    const file = storedFile();
    const bytes = readFileSync(file);
    truncateSync(file, 500);
    expect(await check(cache)).toEqual(plain);
    writeFileSync(file, bytes.toString("latin1").replaceAll(/"line":\d/g, '"line":9'), "latin1");
    expect(await check(cache)).toEqual(plain);
    writeFileSync(file, Buffer.from([0, 255, 10, 10, 1]));
    expect(await check(cache)).toEqual(plain);
  });

  it("knows findings of a baseline that came later", async () => {
    const plain = await check(cache);
    const baseline = new Set(plain.findings.slice(1).map((one) => one.fingerprint));
    expect(await check(cache, { baseline })).toEqual(await check(undefined, { baseline }));
    expect(await check(cache)).toEqual(plain);
  });

  it("is written by many at once, whole", async () => {
    const reports = await Promise.all(Array.from({ length: 8 }, () => check(cache)));
    for (const report of reports) expect(report).toEqual(reports[0]);
    expect(readdirSync(cache).filter((one) => one !== ".gitignore")).toHaveLength(2);
    expect(await check(cache)).toEqual(reports[0]);
  });

  it("costs nothing where it cannot be written", async () => {
    const file = join(project, "a-file");
    writeFileSync(file, "");
    expect(await check(join(file, "cache"))).toEqual(await check());
  });
});
