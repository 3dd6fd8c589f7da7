import type { Analysis } from "../../plan/analysis.ts";

/** The analysis as DESIGN §12 has it. */
export function planAsJson(analysis: Analysis): string {
  return `${JSON.stringify(analysis, null, 2)}\n`;
}
