import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeHistory } from "@deadheat/oracle";
import { DeadheatError } from "../errors.ts";
import { historyIn, type RuntimeEvidence } from "../findings/evidence.ts";
import type { Finding } from "../findings/finding.ts";
import type { Report } from "../findings/report.ts";
import { witnessFileOf } from "../findings/witness-file.ts";

/** Writes the report and one file a finding under `.deadheat/<seed>/`. Returns the report's path. */
export async function writeReport(directory: string, report: Report): Promise<string> {
  const folder = join(directory, safeName(report.seed));
  try {
    await mkdir(folder, { recursive: true });
    for (const finding of report.findings) {
      const content = witnessFileOf(report, finding);
      await writeWhole(findingPath(directory, report, finding), `${JSON.stringify(content, null, 2)}\n`);
      const runtime = historyIn(finding.evidence);
      if (runtime) await writeWhole(historyPath(directory, report, finding), historyOf(runtime));
    }
    const path = reportPath(directory, report);
    await writeWhole(path, `${JSON.stringify(report, null, 2)}\n`);
    return path;
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

function safeName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .replace(/^\.+/, "-")
    .slice(0, 120);
}
