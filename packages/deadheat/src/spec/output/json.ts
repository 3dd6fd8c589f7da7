import { inertJson } from "../../inert.ts";
import type { Analysis } from "../../plan/analysis.ts";

/** The analysis as DESIGN §12 has it. */
export function planAsJson(analysis: Analysis): string {
  return `${inertJson(analysis, 2)}\n`;
}
