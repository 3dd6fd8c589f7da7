export type { Config, ScanConfig } from "./config.ts";
export { type LoadOptions, loadConfig, parseConfig } from "./load.ts";
export { configJsonSchema } from "./schema.ts";
