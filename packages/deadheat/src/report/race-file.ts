import { join } from "node:path";
import type { RaceReport } from "../findings/race-report.ts";
import { inertJson } from "../inert.ts";
import { safeName, writeIn } from "./files.ts";

/** Where a race was written to. */
export interface RaceFiles {
  readonly report: string;
  /** The same for people. */
  readonly page: string;
}

/** Writes the report of a race, and its page; where it is proven, the report is the witness file as well. */
export async function writeRaceReport(directory: string, report: RaceReport): Promise<RaceFiles> {
  const folder = join(directory, safeName(report.seed));
  const name = `race-${safeName(
    report.scenario.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, ""),
  )}`;
  const files = { report: join(folder, `${name}.json`), page: join(folder, `${name}.html`) };
  const { racePage } = await import("./page/index.ts");
  await writeIn(folder, [
    { name: `${name}.json`, text: `${inertJson(report, 2)}\n` },
    { name: `${name}.html`, text: racePage(report, `deadheat replay ${files.report}`) },
  ]);
  return files;
}
