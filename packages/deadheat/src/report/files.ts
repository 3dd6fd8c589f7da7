import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeHistory } from "@deadheat/oracle";
import { DeadheatError } from "../errors.ts";
import { historyIn, type RuntimeEvidence } from "../findings/evidence.ts";
import type { Finding } from "../findings/finding.ts";
import type { Report } from "../findings/report.ts";
import { witnessFileOf } from "../findings/witness-file.ts";
import { inertJson } from "../inert.ts";
import type { ReportPaths } from "./paths.ts";

/** Writes the report, the same for people, and one file a finding under `.deadheat/<seed>/`. Returns the report's path. */
export async function writeReport(directory: string, report: Report): Promise<string> {
  const files = report.findings.flatMap((finding) => {
    const content = witnessFileOf(report, finding);
    const runtime = historyIn(finding.evidence);
    const name = safeName(finding.id);
    return [
      { name: `${name}.json`, text: `${inertJson(content, 2)}\n` },
      ...(runtime ? [{ name: `${name}.history.json`, text: historyOf(runtime) }] : []),
    ];
  });
  const whole = { name: "report.json", text: `${inertJson(report, 2)}\n` };
  const { reportPage } = await import("./page/index.ts");
  const page = { name: "index.html", text: reportPage(report, pathsIn(directory)) };
  await writeIn(join(directory, safeName(report.seed)), [...files, whole, page]);
  return reportPath(directory, report);
}

/** Where `writeReport` puts what. */
export function pathsIn(directory: string): ReportPaths {
  return {
    report: (report) => reportPath(directory, report),
    page: (report) => join(directory, safeName(report.seed), "index.html"),
    finding: (report, finding) => findingPath(directory, report, finding),
    history: (report, finding) => historyPath(directory, report, finding),
  };
}

/** Throws DeadheatError where the folder cannot be written to. */
export async function writeIn(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeWhole(join(folder, name), text);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "failed";
    const message = `${folder}: the report cannot be written (${reason})`;
    throw new DeadheatError(
      "report-unwritable",
      message,
      "Choose another place with --output DIRECTORY.",
      cause,
    );
  }
}

export function reportPath(directory: string, report: Report): string {
  return join(directory, safeName(report.seed), "report.json");
}

export function findingPath(directory: string, report: Report, finding: Finding): string {
  return join(directory, safeName(report.seed), `${safeName(finding.id)}.json`);
}

/** The recorded history alone, for `deadheat history check`. */
export function historyPath(directory: string, report: Report, finding: Finding): string {
  return join(directory, safeName(report.seed), `${safeName(finding.id)}.history.json`);
}

function historyOf(runtime: RuntimeEvidence): string {
  return writeHistory(
    runtime.history.map(({ id, process, invoke, return: end, input, output, outcome }) => ({
      id,
      process,
      invoke,
      ...(end === undefined ? {} : { return: end }),
      input,
      ...(output === undefined ? {} : { output }),
      outcome,
    })),
  );
}

/** A reader never sees half a report, even when two scans share a seed. */
async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}

/** A name that is one part of a path. */
export function safeName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .replace(/^\.+/, "-")
    .slice(0, 120);
}
