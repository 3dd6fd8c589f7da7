import type { Report } from "../../findings/report.ts";
import type { ReportPaths } from "../paths.ts";
import { readBundle } from "./bundle.ts";
import { htmlPage } from "./page.ts";

/** A report as one HTML file: packages/viewer with the scan's data in it. */
export function reportPage(report: Report, paths: ReportPaths): string {
  return htmlPage(report, paths, readBundle());
}
