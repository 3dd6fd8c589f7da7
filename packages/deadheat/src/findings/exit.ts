import type { Finding } from "./finding.ts";
import type { ProveReport } from "./prove-report.ts";
import type { Report } from "./report.ts";

/** What fails a build: what is proven, of at least some severity or not, what is suspected as well, or nothing. */
export const FAIL_ON = ["proven", "high", "medium", "low", "suspected", "never"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Exit codes of a scan (DESIGN §11). What the baseline accepts fails nothing. */
export function exitCodeOf(
  report: Report,
  options: { readonly allowInconclusive: boolean; readonly failOn?: FailOn },
): 0 | 1 | 3 {
  const { failOn = "proven", allowInconclusive } = options;
  if (report.findings.some((one) => !one.accepted && fails(one, failOn))) return 1;
  const unjudged = report.outcomes.some(
    (one) => one.status === "inconclusive" || one.status === "model-unfit",
  );
  return unjudged && !allowInconclusive ? 3 : 0;
}

const RANK = { low: 0, medium: 1, high: 2 } as const;

function fails({ status, severity }: Finding, failOn: FailOn): boolean {
  if (failOn === "never") return false;
  if (status === "suspected") return failOn === "suspected";
  return failOn === "proven" || failOn === "suspected" || RANK[severity] >= RANK[failOn];
}

/** The same of `prove`: a project that was not started, or of which nothing could be raced, leaves everything unjudged. */
export function proveExitCode(
  report: ProveReport,
  options: { readonly allowInconclusive: boolean },
): 0 | 1 | 3 {
  if (report.findings.length > 0) return 1;
  const judged = report.scan?.outcomes.some((one) => one.status === "not-observed");
  if (report.failed || !report.scan || !judged) return options.allowInconclusive ? 0 : 3;
  return exitCodeOf(report.scan, options);
}
