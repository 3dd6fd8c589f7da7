export type { Limits, StopReason } from "./budget.ts";
export {
  type CheckOptions,
  type CheckResult,
  type CheckStats,
  check,
  checkAsync,
  type WitnessOptions,
} from "./check.ts";
export { checkText, RESULT_SCHEMA, type TextResult } from "./check-text.ts";
export { OracleError, type OracleErrorCode } from "./errors.ts";
export * from "./formats/index.ts";
export type { History, Operation, Outcome } from "./history.ts";
export type { Foresight, Model, Response, Shortcut } from "./model.ts";
export * from "./models/index.ts";
export { isLegalOrder } from "./search/replay.ts";
export { clopperPearson, type Interval, silenceBound, trialsForBound, wilson } from "./statistics.ts";
export type { Verdict } from "./verdict.ts";
export type { Alternative, ExplainedStep, Explanation } from "./witness/explain.ts";
export type { OperationGroup, Witness } from "./witness/witness.ts";
