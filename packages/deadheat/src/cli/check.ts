import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { DeadheatError } from "../errors.ts";
import { standardOutput } from "./output.ts";
import { keepsYoungGenerationSmall, optimiseLate } from "./v8.ts";

export interface CheckFlags {
  readonly format?: string;
  /** `suspected`: exit 1 where there is a finding of medium or above. */
  readonly failOn?: string;
  /** A report of an earlier run; what it has is not reported again. */
  readonly baseline?: string;
  readonly all?: boolean;
  /** Also look at tests. */
  readonly tests?: boolean;
  /** The API's OpenAPI document: findings are tied to its operations. */
  readonly document?: string;
  /** False with `--no-cache`. */
  readonly cache?: boolean;
}

const FORMATS = ["console", "json", "sarif"];

/** Analyses source code and prints what it suspects. Exit codes: 0; 1 with `--fail-on suspected`; 2 for usage. */
export async function checkCommand(path: string, flags: CheckFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (!FORMATS.includes(format))
    throw new DeadheatError("usage", `--format ${format}: no such format`, "Give console, json or sarif.");
  if (flags.failOn !== undefined && flags.failOn !== "suspected")
    throw new DeadheatError("usage", `--fail-on ${flags.failOn}: not a status`, "Give --fail-on suspected.");
  const root = resolve(path);
  if (!statSync(root, { throwIfNoEntry: false }))
    throw new DeadheatError(
      "usage",
      `${path}: no such file or folder`,
      "Give the folder of a Django project.",
    );
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline);
  const { checkAsJson, checkAsSarif, checkAsText, checkSource, withOperations } = await import(
    "../engine/check.ts"
  );
  optimiseLate();
  const found = await checkSource(root, {
    now: () => performance.now(),
    onFile: keepsYoungGenerationSmall(),
    ...(flags.tests ? { tests: true } : {}),
    ...(flags.cache === false ? {} : { cache: resolve(".deadheat", "cache") }),
    ...(baseline ? { baseline } : {}),
  });
  const report = flags.document === undefined ? found : await withOperations(found, flags.document);
  if (report.files === 0)
    throw new DeadheatError("usage", `${path}: no Python files`, "Give the folder of a Django project.");
  const { color } = standardOutput(process.stdout);
  if (format === "json") process.stdout.write(checkAsJson(report));
  else if (format === "sarif") process.stdout.write(checkAsSarif(report));
  else process.stdout.write(checkAsText(report, { color, all: flags.all === true }));
  const isSerious = report.findings.some((one) => one.severity === "high" || one.severity === "medium");
  return flags.failOn === "suspected" && isSerious ? 1 : 0;
}

async function readBaseline(file: string): Promise<ReadonlySet<string>> {
  try {
    const report = JSON.parse(await readFile(file, "utf8")) as {
      findings?: { fingerprint?: unknown }[];
    } | null;
    if (!Array.isArray(report?.findings)) throw new Error("no findings in it");
    return new Set(report.findings.map((one) => String(one.fingerprint)));
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : "failed");
    throw new DeadheatError(
      "usage",
      `--baseline ${file}: ${reason}`,
      "Give the output of deadheat check --format json.",
      cause,
    );
  }
}
