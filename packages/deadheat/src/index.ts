export type { ScanEvent } from "./engine/events.ts";
export { type ScanOptions, scan } from "./engine/scan.ts";
export { DeadheatError, type ErrorCode } from "./errors.ts";
export type { Finding, RaceOutcome } from "./findings/finding.ts";
export { type Report, reportSchema } from "./findings/report.ts";
