import { z } from "zod";
import { DeadheatError } from "../errors.ts";
import type { Acceptance, Finding } from "./finding.ts";
import { parseJsonAs } from "./parse-json.ts";
import type { Report } from "./report.ts";

/** Findings that somebody lives with: each with a reason, and not for ever. */
export interface Baseline {
  readonly schema: "deadheat/baseline/1";
  readonly accepted: readonly AcceptedFinding[];
}

export interface AcceptedFinding extends Acceptance {
  /** Id of the finding, as reports have it. */
  readonly finding: string;
}

const day = z.iso.date("not a day of the calendar, YYYY-MM-DD");

export const baselineSchema = z
  .object({
    schema: z.literal("deadheat/baseline/1"),
    accepted: z
      .array(
        z.object({
          finding: z.string().min(1).describe("id of the finding, as reports have it"),
          reason: z.string().trim().min(1, "a reason is missing").describe("why it is lived with"),
          expires: day.describe("the last day on which it is, YYYY-MM-DD"),
        }),
      )
      .readonly(),
  })
  .describe("Findings of deadheat that do not fail the build until a day");

export function baselineJsonSchema(): unknown {
  return z.toJSONSchema(baselineSchema, { io: "input" });
}

/** Throws DeadheatError where the text is no baseline: one that is misread would hide what it does not name. */
export function parseBaseline(name: string, text: string): Baseline {
  const invalid = (problem: string, cause?: unknown) =>
    new DeadheatError(
      "baseline-invalid",
      `${name}: ${problem}`,
      "`deadheat baseline REPORT --reason … --expires YYYY-MM-DD` writes one.",
      cause,
    );
  return parseJsonAs(text, baselineSchema, "baseline", invalid);
}

/**
 * The report with what the baseline accepts on this day marked so, and a remark for each entry that has expired or
 * fits nothing. The last day counts.
 *
 * @param today YYYY-MM-DD
 */
export function withBaseline(
  report: Report,
  { accepted }: Baseline,
  today: string,
): { readonly report: Report; readonly remarks: readonly string[] } {
  const valid = new Map(accepted.filter((one) => one.expires >= today).map((one) => [one.finding, one]));
  const findings = report.findings.map((finding): Finding => {
    const entry = valid.get(finding.id);
    return entry ? { ...finding, accepted: { reason: entry.reason, expires: entry.expires } } : finding;
  });
  const found = new Set(report.findings.map((one) => one.id));
  const remarks = accepted.flatMap(({ finding, expires }) => {
    if (!found.has(finding)) return [`baseline: ${finding} was not found this time; take it out of the file`];
    return expires < today ? [`baseline: ${finding} was accepted until ${expires}, and counts again`] : [];
  });
  return { report: { ...report, findings }, remarks };
}

/** What was there stays as it was; what is new gets this reason and this day. */
export function accepting(before: Baseline | undefined, report: Report, how: Acceptance): Baseline {
  const kept = before?.accepted ?? [];
  const known = new Set(kept.map((one) => one.finding));
  const added = report.findings
    .filter((one) => !known.has(one.id))
    .map((one) => ({ finding: one.id, reason: how.reason, expires: how.expires }));
  return { schema: "deadheat/baseline/1", accepted: [...kept, ...added] };
}
