import { DeadheatError } from "../errors.ts";
import { compare } from "../findings/compare.ts";
import { inertJson } from "../inert.ts";
import { comparisonLines } from "../report/console/comparison.ts";
import { standardOutput } from "./output.ts";
import { readReport } from "./read.ts";

/** What became of the findings of one report in a later one. Exit codes: 1 where something is new, else 0. */
export async function compareCommand(
  before: string,
  after: string,
  { format = "console" }: { readonly format?: string },
): Promise<number> {
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const comparison = compare(await readReport(before), await readReport(after));
  const { write, color } = standardOutput(process.stdout);
  if (format === "json") write(`${inertJson(comparison, 2)}\n`);
  else for (const line of comparisonLines(comparison, before, color)) write(`${line}\n`);
  return comparison.new.length > 0 ? 1 : 0;
}
