import type { CheckReport } from "../finding.ts";

/** The report as DESIGN §12 has it. */
export function checkAsJson(report: CheckReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
