import type { Report } from "./report.ts";

/** Exit codes of a scan (DESIGN §11). */
export function exitCodeOf(report: Report, options: { readonly allowInconclusive: boolean }): 0 | 1 | 3 {
  if (report.findings.some((one) => one.status === "proven")) return 1;
  const unjudged = report.outcomes.some(
    (one) => one.status === "inconclusive" || one.status === "model-unfit",
  );
  return unjudged && !options.allowInconclusive ? 3 : 0;
}
