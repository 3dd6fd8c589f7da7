import { inertJson } from "../../../inert.ts";
import { version } from "../../../version.ts";
import type { FixReport } from "../project.ts";

export function fixAsJson(report: FixReport, written: boolean): string {
  const { fixed, unfixed, patches } = report;
  const head = { schema: "deadheat/fix/1", tool: { name: "deadheat", version }, written };
  return `${inertJson({ ...head, fixed, unfixed, patches }, 2)}\n`;
}
