export { unseen } from "./capture-pair.ts";
export { clockSkew } from "./clock-skew.ts";
export type { RaceContext } from "./context.ts";
export { examineScheme, type Mismatch, type SchemePlan, type SchemeResult } from "./controls/index.ts";
export {
  type Credentials,
  learnCredentials,
  Renewals,
  recipeCredentials,
  SetupFailed,
  type SuppliedContext,
} from "./credentials/index.ts";
export { type CustomResult, type CustomRunOptions, runCustom, totalOf } from "./custom/index.ts";
export type { PlayedSchedule } from "./explore.ts";
export { Inventory } from "./inventory.ts";
export { type Behaviour, isUnlearned, learn, type Unlearned } from "./learn.ts";
export { openNetwork, proxyName } from "./network.ts";
export { Pacing, type RequestBudget, ScanStopped, spend } from "./pacing.ts";
export { measureAtOnce, measureParallelism, type Parallelism } from "./parallelism.ts";
export { type CodeSource, RecipeFailed, RecipeRunner } from "./recipe.ts";
export { makersIn } from "./removal.ts";
export { CHANGED_BY_ITSELF, type RunOptions, refOf, runScenario, skipped } from "./run.ts";
export { type Prepared, type Scenario, scenarios } from "./scenarios/index.ts";
export { agentFor, failureOf, Session, unreachable } from "./session.ts";
export { Sessions } from "./sessions.ts";
export { sideBySide } from "./side-by-side.ts";
export { type Authorization, resolveTarget, type Target } from "./target.ts";
export { probeTransports, TransportChoice, transports } from "./transport/index.ts";
