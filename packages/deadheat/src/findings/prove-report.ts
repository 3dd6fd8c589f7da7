import { z } from "zod";
import type { SourceEvidence } from "./evidence.ts";
import type { Finding, OperationRef, RaceOutcome } from "./finding.ts";
import {
  findingSchema,
  operationSchema,
  outcomeSchema,
  type Report,
  reportSchema,
  sourceEvidenceSchema,
} from "./report.ts";
import { type GoneBound, goneBoundSchema, type VerifyResult, verifyResultSchema } from "./verify-report.ts";

/** How a project was started, and what was not as the project would have it. */
export interface Started {
  readonly python: string;
  readonly django: string;
  readonly postgres: string;
  readonly server: string;
  /** Environment variables that nobody had set, and what they were made. */
  readonly madeUp: readonly { readonly name: string; readonly as: string }[];
  /** Settings that were replaced. */
  readonly replaced: readonly string[];
  readonly notes: readonly string[];
  /** Exceptions that the project raised while it was raced, each with how often. */
  readonly errors: readonly string[];
}

/** The step at which a project could not be started. */
export interface NotStarted {
  readonly step: string;
  readonly reason: string;
  /** The last lines of what it said. */
  readonly lines: readonly string[];
  /** What to put into deadheat.yaml. */
  readonly hint: string;
}

/** What became of a proven finding once the fix was applied to a copy. */
export interface FixOutcome {
  readonly status: "gone" | "still-racing" | "not-comparable" | "not-fixed";
  /** Kinds of the fixes: `lock-row`, `count-in-database`. */
  readonly kinds: readonly string[];
  readonly reason?: string;
  readonly bound?: GoneBound;
}

/** A proven finding with all of its evidence, and what a fix did to it. */
export interface ProvenFinding extends Finding {
  /** `found`, or that no path in the source leads to it. */
  readonly source: "found" | "not found in source";
  readonly fix?: FixOutcome;
}

/** What was changed in a copy of the project, as diffs against the project. */
export interface FixSummary {
  readonly patches: readonly { readonly file: string; readonly diff: string; readonly isNew: boolean }[];
  readonly warnings: readonly string[];
  readonly unfixed: readonly {
    readonly rule: string;
    readonly file: string;
    readonly line: number;
    readonly reason: string;
  }[];
  /** The fixed copy could not be started. */
  readonly failed?: NotStarted;
  /** The project's own tests on the fixed copy; absent where none are named under `prove.tests`. */
  readonly tests?: readonly TestOutcome[];
}

export interface TestOutcome {
  readonly command: string;
  /** `failed-before`: the project as it is does not pass it either. */
  readonly status: "passed" | "failed" | "failed-before";
  /** The last lines of what failed. */
  readonly lines: readonly string[];
}

/** A gap in the source at an operation where it was not proven, and what became of the races there. */
export interface SuspectedGap {
  readonly weakness: string;
  readonly severity: "high" | "medium" | "low" | "info";
  readonly confidence: "high" | "medium" | "low";
  /** Absent where no route leads to it. */
  readonly operation?: OperationRef;
  readonly evidence: SourceEvidence;
  readonly fixable: boolean;
  /** Its races at that operation; `reason` where there was none. */
  readonly raced: RaceOutcome | { readonly status: "not-raced"; readonly reason: string };
}

/** What `deadheat prove` found (DESIGN §12). */
export interface ProveReport {
  readonly schema: "deadheat/prove/1";
  readonly tool: { readonly name: "deadheat"; readonly version: string };
  readonly seed: string;
  /** As the user named it. */
  readonly project: string;
  /** Python files looked at. */
  readonly files: number;
  readonly started?: Started;
  readonly failed?: NotStarted;
  /** Where the API document is, and where it comes from. */
  readonly document?: {
    readonly file: string;
    readonly operations: number;
    readonly from: readonly string[];
  };
  readonly findings: readonly ProvenFinding[];
  readonly suspected: readonly SuspectedGap[];
  /** Operations that were left out, and why. */
  readonly omitted: readonly { readonly operation: OperationRef; readonly reason: string }[];
  readonly scan?: Report;
  readonly fix?: FixSummary;
  /** Of the fixed copy. */
  readonly verify?: readonly VerifyResult[];
  readonly durationMs: number;
}

const raced = z.union([outcomeSchema, z.object({ status: z.literal("not-raced"), reason: z.string() })]);

const notStarted = z.object({
  step: z.string(),
  reason: z.string(),
  lines: z.array(z.string()).readonly(),
  hint: z.string().describe("what to put into deadheat.yaml"),
});

const fixOutcome = z.object({
  status: z.enum(["gone", "still-racing", "not-comparable", "not-fixed"]),
  kinds: z.array(z.string()).readonly(),
  reason: z.string().optional(),
  bound: goneBoundSchema.optional(),
});

const fixSummary = z.object({
  patches: z.array(z.object({ file: z.string(), diff: z.string(), isNew: z.boolean() })).readonly(),
  warnings: z.array(z.string()).readonly(),
  unfixed: z
    .array(z.object({ rule: z.string(), file: z.string(), line: z.number(), reason: z.string() }))
    .readonly(),
  failed: notStarted.optional(),
  tests: z
    .array(
      z.object({
        command: z.string(),
        status: z.enum(["passed", "failed", "failed-before"]),
        lines: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .optional()
    .describe("the project's own tests on the fixed copy"),
});

export const proveReportSchema = z
  .object({
    schema: z.literal("deadheat/prove/1"),
    tool: z.object({ name: z.literal("deadheat"), version: z.string() }),
    seed: z.string(),
    project: z.string(),
    files: z.number().describe("Python files looked at"),
    started: z
      .object({
        python: z.string(),
        django: z.string(),
        postgres: z.string(),
        server: z.string(),
        madeUp: z
          .array(z.object({ name: z.string(), as: z.string() }))
          .readonly()
          .describe("environment variables that nobody had set"),
        replaced: z.array(z.string()).readonly().describe("settings"),
        notes: z.array(z.string()).readonly(),
        errors: z.array(z.string()).readonly().describe("exceptions while it was raced"),
      })
      .optional(),
    failed: notStarted.optional().describe("the step at which the project could not be started"),
    document: z
      .object({ file: z.string(), operations: z.number(), from: z.array(z.string()).readonly() })
      .optional(),
    findings: z
      .array(
        findingSchema.extend({
          source: z.enum(["found", "not found in source"]),
          fix: fixOutcome.optional().describe("once the fix was applied to a copy"),
        }),
      )
      .readonly()
      .describe("proven, each with all of its evidence"),
    suspected: z
      .array(
        z.object({
          weakness: z.string(),
          severity: z.enum(["high", "medium", "low", "info"]),
          confidence: z.enum(["high", "medium", "low"]),
          operation: operationSchema.optional().describe("absent where no route leads to it"),
          evidence: sourceEvidenceSchema,
          fixable: z.boolean(),
          raced,
        }),
      )
      .readonly()
      .describe("gaps in the source that were not proven"),
    omitted: z.array(z.object({ operation: operationSchema, reason: z.string() })).readonly(),
    scan: reportSchema.optional(),
    fix: fixSummary.optional().describe("what was changed in a copy"),
    verify: z.array(verifyResultSchema).readonly().optional().describe("of the fixed copy"),
    durationMs: z.number(),
  })
  .describe("The report of one deadheat prove");

/** JSON Schema 2020-12, as published in `schema/prove.schema.json`. */
export function proveJsonSchema(): unknown {
  return z.toJSONSchema(proveReportSchema, { io: "input" });
}
