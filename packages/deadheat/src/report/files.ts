import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeadheatError } from "../errors.ts";
import type { Finding } from "../findings/finding.ts";
import type { Report } from "../findings/report.ts";

/** Writes the report and one file a finding under `.deadheat/<seed>/`. Returns the report's path. */
export async function writeReport(directory: string, report: Report): Promise<string> {
  const folder = join(directory, safeName(report.seed));
  try {
    await mkdir(folder, { recursive: true });
    for (const finding of report.findings) {
      const content = { schema: "deadheat/finding/1", seed: report.seed, target: report.target, finding };
      await writeWhole(findingPath(directory, report, finding), content);
    }
    const path = reportPath(directory, report);
    await writeWhole(path, report);
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

/** A reader never sees half a report, even when two scans share a seed. */
async function writeWhole(path: string, content: unknown): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(content, null, 2)}\n`);
  await rename(partial, path);
}

function safeName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .replace(/^\.+/, "-")
    .slice(0, 120);
}
