export type { Config, ScanConfig } from "./config.ts";
export { type LoadOptions, loadConfig, loadPlanConfig, parseConfig } from "./load.ts";
export { configJsonSchema } from "./schema.ts";
