import { DeadheatError } from "../errors.ts";
import { parseJsonAs } from "./parse-json.ts";
import { type Report, reportSchema } from "./report.ts";

/** Throws DeadheatError where the text is no report of a scan. */
export function parseReport(name: string, text: string): Report {
  const invalid = (problem: string, cause?: unknown) =>
    new DeadheatError(
      "report-invalid",
      `${name}: ${problem}`,
      "Give a report.json that a scan wrote, .deadheat/SEED/report.json.",
      cause,
    );
  return parseJsonAs(text, reportSchema, "report", invalid) as Report;
}
