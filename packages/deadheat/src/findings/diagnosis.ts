import { z } from "zod";
import type { OperationRef } from "./finding.ts";
import { type TargetReport, targetReportSchema } from "./target.ts";
import { type TransportReport, transportReportSchema } from "./transports.ts";

/** What a scan of a target could judge, found by calling it gently. */
export interface Diagnosis {
  readonly schema: "deadheat/doctor/1";
  readonly target: TargetReport & { readonly address: string };
  readonly transports: TransportReport;
  /** The server's clock less this machine's, ms, with what the header's resolution leaves open. */
  readonly clock?: { readonly skewMs: number; readonly uncertaintyMs: number };
  readonly credentials: readonly CredentialDiagnosis[];
  /** Requests that the server worked on at once, of those sent together. */
  readonly parallelism?: {
    /** Absent where it cannot be told. */
    readonly atOnce?: number;
    readonly sent: number;
    readonly overlaps: boolean;
    readonly operation: string;
  };
  readonly operations: readonly OperationDiagnosis[];
  readonly omitted: readonly { readonly operation: OperationRef; readonly reason: string }[];
}

export interface CredentialDiagnosis {
  readonly scheme: string;
  /** Where tokens come from, or why there are none. */
  readonly via?: string;
  readonly reason?: string;
  /** Each trial gets a principal of its own. */
  readonly fresh?: boolean;
  readonly secondToken?: boolean;
  readonly renewable?: boolean;
  /** Absent where there is no end to them. */
  readonly users?: number;
}

export interface OperationDiagnosis {
  readonly operation: OperationRef;
  readonly scheme: string;
  /** Weaknesses that the document plans a race for. */
  readonly planned: readonly string[];
  /** How it behaves one call at a time: `adds /points to /points of GET /me`. */
  readonly behaves?: string;
  readonly latencyMs?: number;
  /** How long an acknowledged effect takes to show, ms. */
  readonly visibilityMs?: number;
  /** Why it cannot be judged. */
  readonly reason?: string;
}

const operation = z.object({ method: z.string(), path: z.string(), operationId: z.string().optional() });

const credential = z.object({
  scheme: z.string(),
  via: z.string().optional().describe("where tokens come from"),
  reason: z.string().optional().describe("why there are none"),
  fresh: z.boolean().optional().describe("each trial gets a principal of its own"),
  secondToken: z.boolean().optional().describe("a second token of one principal can be had"),
  renewable: z.boolean().optional().describe("after a token was ended another can be had"),
  users: z.number().optional().describe("principals that can be had; absent where there is no end to them"),
});

const learned = z.object({
  operation,
  scheme: z.string(),
  planned: z.array(z.string()).readonly().describe("weaknesses that the document plans a race for"),
  behaves: z.string().optional().describe("what it does one call at a time"),
  latencyMs: z.number().optional().describe("median, ms"),
  visibilityMs: z.number().optional().describe("how long an acknowledged effect takes to show, ms"),
  reason: z.string().optional().describe("why it cannot be judged"),
});

export const diagnosisSchema = z
  .object({
    schema: z.literal("deadheat/doctor/1"),
    target: targetReportSchema.extend({ address: z.string() }),
    transports: transportReportSchema,
    clock: z
      .object({ skewMs: z.number(), uncertaintyMs: z.number() })
      .optional()
      .describe("the server's clock less this machine's, ms"),
    credentials: z.array(credential).readonly(),
    parallelism: z
      .object({
        atOnce: z.number().optional().describe("absent where it cannot be told"),
        sent: z.number(),
        overlaps: z.boolean(),
        operation: z.string(),
      })
      .optional()
      .describe("requests that the server worked on at once, of those sent together"),
    operations: z.array(learned).readonly(),
    omitted: z.array(z.object({ operation, reason: z.string() })).readonly(),
  })
  .describe("What a scan of a target could judge: deadheat doctor --format json");

export function diagnosisJsonSchema(): unknown {
  return z.toJSONSchema(diagnosisSchema, { io: "input" });
}
