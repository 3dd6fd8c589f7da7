import { version } from "../../../version.ts";
import type { FixReport } from "../project.ts";

export function fixAsJson(report: FixReport, written: boolean): string {
  const { fixed, unfixed, patches } = report;
  const head = { schema: "deadheat/fix/1", tool: { name: "deadheat", version }, written };
  return `${JSON.stringify({ ...head, fixed, unfixed, patches }, null, 2)}\n`;
}
