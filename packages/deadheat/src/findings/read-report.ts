import { DeadheatError } from "../errors.ts";
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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("not JSON", cause);
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return parsed.data as Report;
  const [issue] = parsed.error.issues;
  throw invalid(`not a report (${issue?.path.join(".") || "the file"}: ${issue?.message ?? "unexpected"})`);
}
