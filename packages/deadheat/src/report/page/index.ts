import type { RaceReport } from "../../findings/race-report.ts";
import type { Report } from "../../findings/report.ts";
import type { ReportPaths } from "../paths.ts";
import { readBundle } from "./bundle.ts";
import { htmlPage } from "./page.ts";
import { inOrder, pageDataOf } from "./page-data.ts";
import { raceEvidence, racePageData } from "./race-page.ts";

/** A report as one HTML file: packages/viewer with the scan's data in it. */
export function reportPage(report: Report, paths: ReportPaths): string {
  const findings = inOrder(report.findings);
  const evidence = findings.map((one) => one.evidence);
  return htmlPage(pageDataOf(report, findings, paths), evidence, readBundle());
}

/** The same of a race of the user's own. */
export function racePage(report: RaceReport, replay?: string): string {
  return htmlPage(racePageData(report, replay), raceEvidence(report), readBundle());
}
