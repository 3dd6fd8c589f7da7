import { fileURLToPath } from "node:url";
import type { Suite, SuiteOptions } from "./suite.ts";

interface Known {
  /** The file of its API document. */
  readonly document: string;
  load(options: SuiteOptions): Promise<Suite>;
}

/** Endpoints beyond the first few, by name. Each is loaded only where it is asked for. */
export const SUITES = {
  tokens: {
    document: fileURLToPath(new URL("../../openapi-tokens.yaml", import.meta.url)),
    load: async (options) => (await import("./tokens/index.ts")).openTokens(options),
  },
  resources: {
    document: fileURLToPath(new URL("../../openapi-resources.yaml", import.meta.url)),
    load: async (options) => (await import("./resources/index.ts")).openResources(options),
  },
} as const satisfies Record<string, Known>;

export type SuiteName = keyof typeof SUITES;
