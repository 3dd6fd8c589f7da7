export type { Config, ScanConfig } from "./config.ts";
export { type LoadOptions, loadConfig, loadPlanConfig, parseConfig } from "./load.ts";
export { networkSettings, parseProxy } from "./network.ts";
export type { NetworkInput } from "./network-schema.ts";
export { networkFromValue } from "./network-value.ts";
export { configJsonSchema } from "./schema.ts";
