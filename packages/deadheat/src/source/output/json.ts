import { inertJson } from "../../inert.ts";
import type { CheckReport } from "../finding.ts";

/** The report as DESIGN §12 has it. */
export function checkAsJson(report: CheckReport): string {
  return `${inertJson(report, 2)}\n`;
}
