import type { Finding } from "../findings/finding.ts";
import type { Report } from "../findings/report.ts";

/** Where the files of a report are, as printed. */
export interface ReportPaths {
  report(report: Report): string;
  /** The same for people. */
  page(report: Report): string;
  finding(report: Report, finding: Finding): string;
  history(report: Report, finding: Finding): string;
}
