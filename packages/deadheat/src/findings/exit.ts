import type { ProveReport } from "./prove-report.ts";
import type { Report } from "./report.ts";

/** Exit codes of a scan (DESIGN §11). */
export function exitCodeOf(report: Report, options: { readonly allowInconclusive: boolean }): 0 | 1 | 3 {
  if (report.findings.some((one) => one.status === "proven")) return 1;
  const unjudged = report.outcomes.some(
    (one) => one.status === "inconclusive" || one.status === "model-unfit",
  );
  return unjudged && !options.allowInconclusive ? 3 : 0;
}

/** The same of `prove`: a project that was not started leaves everything unjudged. */
export function proveExitCode(
  report: ProveReport,
  options: { readonly allowInconclusive: boolean },
): 0 | 1 | 3 {
  if (report.findings.length > 0) return 1;
  if (report.failed || !report.scan) return options.allowInconclusive ? 0 : 3;
  return exitCodeOf(report.scan, options);
}
