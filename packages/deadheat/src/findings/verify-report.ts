import { z } from "zod";
import type { Finding, OperationRef } from "./finding.ts";
import { findingSchema, operationSchema } from "./report.ts";

/** How much was tried in vain before a race is called gone. */
export interface GoneBound {
  /** Orders of SQL statements; absent where the database was not in view. */
  readonly schedules?: {
    readonly planned: number;
    readonly realised: number;
    readonly uncovered: readonly string[];
  };
  /** Trials whose requests were under way at the same time. */
  readonly overlapped: number;
  /** Upper 95 % bound of the chance that a trial shows the race. */
  readonly chance?: number;
}

export interface VerifyResult {
  /** Of the finding. */
  readonly id: string;
  readonly weakness: string;
  readonly operation: OperationRef;
  readonly status: "gone" | "still-racing" | "not-comparable";
  readonly bound?: GoneBound;
  readonly reason?: string;
  /** One call at a time, the operation still does what it is for. */
  readonly legitimate?: boolean;
  /** The new proof, where it is still racing. */
  readonly witness?: Finding;
}

/** What `deadheat verify` tells (DESIGN §12). */
export interface VerifyReport {
  readonly schema: "deadheat/verify/1";
  readonly tool: { readonly name: "deadheat"; readonly version: string };
  readonly seed: string;
  readonly target: string;
  readonly results: readonly VerifyResult[];
  readonly durationMs: number;
}

export const goneBoundSchema = z
  .object({
    schedules: z
      .object({ planned: z.number(), realised: z.number(), uncovered: z.array(z.string()).readonly() })
      .optional()
      .describe("orders of SQL statements; absent where the database was not in view"),
    overlapped: z.number(),
    chance: z.number().optional().describe("upper 95 % bound of the chance that a trial shows the race"),
  })
  .describe("how much was tried in vain");

export const verifyResultSchema = z.object({
  id: z.string(),
  weakness: z.string(),
  operation: operationSchema,
  status: z.enum(["gone", "still-racing", "not-comparable"]),
  bound: goneBoundSchema.optional(),
  reason: z.string().optional(),
  legitimate: z.boolean().optional().describe("one call at a time, it still does what it is for"),
  witness: findingSchema.optional(),
});

export const verifyReportSchema = z
  .object({
    schema: z.literal("deadheat/verify/1"),
    tool: z.object({ name: z.literal("deadheat"), version: z.string() }),
    seed: z.string(),
    target: z.string(),
    results: z.array(verifyResultSchema).readonly(),
    durationMs: z.number(),
  })
  .describe("The report of one deadheat verify");

/** JSON Schema 2020-12, as published in `schema/verify.schema.json`. */
export function verifyJsonSchema(): unknown {
  return z.toJSONSchema(verifyReportSchema, { io: "input" });
}

/** 1 where something still races, 3 where something could not be compared, 0 where all is gone. */
export function verifyExitCode({ results }: VerifyReport): 0 | 1 | 3 {
  if (results.some((one) => one.status === "still-racing")) return 1;
  return results.some((one) => one.status === "not-comparable") ? 3 : 0;
}
