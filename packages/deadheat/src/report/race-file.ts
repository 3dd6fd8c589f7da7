import { join } from "node:path";
import type { RaceReport } from "../findings/race-report.ts";
import { safeName, writeIn } from "./files.ts";

/** Writes the report of a race; where it is proven, it is the witness file as well. Returns its path. */
export async function writeRaceReport(directory: string, report: RaceReport): Promise<string> {
  const folder = join(directory, safeName(report.seed));
  const name = `race-${safeName(
    report.scenario.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, ""),
  )}.json`;
  await writeIn(folder, [{ name, text: `${JSON.stringify(report, null, 2)}\n` }]);
  return join(folder, name);
}
