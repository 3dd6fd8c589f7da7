export { type CheckOptions, checkSource } from "./check.ts";
export type { CheckReport, FindingStep, SourceFinding } from "./finding.ts";
export { checkAsText } from "./output/console.ts";
export { checkAsJson } from "./output/json.ts";
export { checkAsSarif } from "./output/sarif.ts";
