export { callsOut } from "./calls-out.ts";
export { type CheckOptions, checkProgram, checkSource } from "./check.ts";
export type { CheckReport, FindingStep, SourceFinding } from "./finding.ts";
export {
  type ClassName,
  type FixOptions,
  type FixReport,
  fixProject,
  type HeldTokens,
  holdTokens,
  type OperationName,
  type Patch,
  writePatches,
} from "./fixes/index.ts";
export { type OpenedProgram, openProgram } from "./open-program.ts";
export { mergeDocuments, type SourceDocument, sourceDocument } from "./openapi/index.ts";
export { checkAsText } from "./output/console.ts";
export { checkAsJson } from "./output/json.ts";
export { checkAsSarif } from "./output/sarif.ts";
export type { Route } from "./project/routes.ts";
export { ReachedRoutes } from "./reach-routes.ts";
export { requestGaps, requestRuleIds, requestWeaknesses } from "./requests/index.ts";
export { routesOfRunning } from "./running-routes.ts";
