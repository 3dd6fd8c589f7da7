export type { Mismatch } from "./mismatch.ts";
export { examineScheme, type SchemePlan, type SchemeResult } from "./scheme.ts";
