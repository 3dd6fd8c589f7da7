export { type CustomResult, type CustomRunOptions, runCustom, totalOf } from "./run.ts";
