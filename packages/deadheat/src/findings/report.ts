import { z } from "zod";
import { type ControlRow, controlRowSchema } from "./controls.ts";
import type { Finding, RaceOutcome } from "./finding.ts";
import { GRADES, type Grade, type Scoring, scoringSchema } from "./grade.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { type TargetReport, targetReportSchema } from "./target.ts";
import { type TransactionReport, transactionReportSchema } from "./transactions.ts";
import { type TransportReport, transportReportSchema } from "./transports.ts";

export const operationSchema = z.object({
  method: z.string(),
  path: z.string(),
  operationId: z.string().optional(),
});

export const recordedCallSchema = z.object({
  id: z.string(),
  process: z.string(),
  operation: z.string(),
  does: z.string(),
  status: z.number().optional(),
  invoke: z.number().describe("ms since the release of the burst"),
  return: z.number().optional().describe("ms since the release of the burst; absent while pending"),
  input: z.unknown(),
  output: z.unknown().optional(),
  outcome: z.enum(["ok", "rejected", "unknown"]),
  request: z
    .object({
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()).describe("lower-case names"),
      body: z.string().optional(),
    })
    .optional()
    .describe("as it may be shown: secrets are salted fingerprints, a long body is cut"),
  answer: z
    .object({ status: z.number(), body: z.string().optional() })
    .optional()
    .describe("as it may be shown"),
});

export const orderSchema = z
  .object({
    initial: z.string().describe("the model's state before"),
    complete: z.boolean().describe("false where the search for longer orders ended at its limit"),
    steps: z
      .array(
        z.object({
          id: z.string(),
          text: z.string(),
          state: z.string().describe("the model's state after it"),
        }),
      )
      .readonly(),
    left: z
      .array(
        z.object({
          id: z.string(),
          text: z.string(),
          why: z.enum(["illegal", "too-late", "dead-end"]),
          after: z.string().optional(),
        }),
      )
      .readonly()
      .describe("why each of the other calls cannot be next"),
  })
  .describe("the longest sequential order that the model allows");

export const scheduleSchema = z
  .object({
    transport: z.string(),
    requests: z.number().describe("requests that land together"),
    amount: z.number(),
    tokens: z.number().describe("tokens of one principal that the requests are spread over"),
    users: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe("principals that they are spread over"),
    offsetMs: z.number(),
    earlier: z.number().optional().describe("calls made one at a time before"),
    variant: z.number().optional().describe("which of the operation's pairs of requests, from 0"),
    held: z
      .literal(true)
      .optional()
      .describe("the last byte of the first request waited for the other's answer"),
    interleaving: z
      .object({ held: z.enum(["first", "second"]), before: z.number() })
      .optional()
      .describe("a database proxy held this request before that statement, from 1, while the other ran"),
  })
  .describe("what the trial sent");

export const rateSchema = z.object({
  races: z.number(),
  trials: z.number(),
  low: z.number(),
  high: z.number(),
});

const exchange = z.object({
  does: z.string(),
  method: z.string(),
  path: z.string().describe("as sent; a token in it is a fingerprint"),
  credential: z.string().describe("as sent, with a fingerprint in place of the token"),
  status: z.number().optional(),
  shows: z.string().optional(),
});

const token = z.object({
  fingerprint: z.string(),
  header: z.record(z.string(), z.unknown()),
  claims: z.array(z.string()).readonly().describe("names only"),
});

const measurement = z.object({
  heldMs: z.number(),
  waitedMs: z.number(),
  otherWaitedMs: z.number().describe("the same of another principal at the same time"),
});

const runtimeEvidence = z.discriminatedUnion("form", [
  z.object({
    kind: z.literal("runtime"),
    form: z.literal("history"),
    summary: z.string(),
    model: z.string(),
    transport: z.string(),
    trial: z.number(),
    schedule: scheduleSchema,
    history: z.array(recordedCallSchema).readonly(),
    witness: z.array(z.string()).readonly().describe("ids of the calls that suffice to show it"),
    impossible: z.string().optional().describe("the call of the witness that no order lets follow"),
    explanation: z.string(),
    order: orderSchema.optional(),
    controls: z.array(z.string()).readonly(),
    rate: rateSchema.optional(),
    window: z
      .object({ fromMs: z.number(), toMs: z.number(), widthMs: z.number().describe("at most") })
      .optional()
      .describe("where in the call the end of its authority has to fall, ms from the call's release"),
  }),
  z.object({
    kind: z.literal("runtime"),
    form: z.literal("exchange"),
    summary: z.string(),
    exchanges: z.array(exchange).readonly(),
    token: token.optional(),
    controls: z.array(z.string()).readonly(),
  }),
  z.object({
    kind: z.literal("runtime"),
    form: z.literal("measured"),
    summary: z.string(),
    measurements: z.array(measurement).readonly(),
    controls: z.array(z.string()).readonly(),
  }),
]);

export const schedulesSchema = z
  .object({
    planned: z.number(),
    realised: z
      .number()
      .describe("the other request ran to its end or came to wait for a lock while one was held"),
    unrealised: z.number().describe("support nothing"),
    skipped: z
      .number()
      .describe("the statement that they would add touches nothing that the other request does"),
    uncovered: z.array(z.string()).readonly(),
    unshown: z
      .array(z.string())
      .readonly()
      .describe("of those, what keeps schedules without a race from showing that there is none"),
    deadlocks: z.number().describe("statements that ended with SQLSTATE 40P01"),
    serializationFailures: z.number().describe("statements that ended with SQLSTATE 40001"),
    reasons: z.array(z.string()).readonly().describe("why schedules were not realised"),
  })
  .describe("orders of SQL statements with one preemption");

const lane = z.enum(["first", "second"]);

export const interleavingSchema = z.object({
  kind: z.literal("interleaving"),
  summary: z.string(),
  preemption: z.object({ held: lane, before: z.number().describe("its statement, from 1") }),
  statement: z.string(),
  names: z.tuple([z.string(), z.string()]).readonly(),
  steps: z
    .array(
      z.object({
        lane,
        does: z.enum(["statement", "held", "waits", "finished", "released"]),
        at: z.number().describe("ms since the beginning"),
        text: z.string().optional().describe("values are parameters"),
        connection: z.number().optional(),
        inTransaction: z.boolean().optional(),
        tag: z.string().optional(),
        error: z.string().optional().describe("SQLSTATE"),
        lock: z.string().optional(),
      }),
    )
    .readonly(),
  diverged: z.array(z.string()).readonly(),
  found: z.number().describe("which of the tried schedules it was"),
  afterMs: z.number().describe("from the beginning of the exploration"),
  schedules: schedulesSchema,
});

export const sourceEvidenceSchema = z.object({
  kind: z.literal("source"),
  rule: z.string(),
  summary: z.string(),
  file: z.string().describe("from the project's folder"),
  line: z.number(),
  endLine: z.number(),
  function: z.string(),
  path: z
    .array(
      z.object({
        file: z.string(),
        line: z.number(),
        role: z.string(),
        text: z.string(),
        note: z.string().optional(),
      }),
    )
    .readonly(),
  interleaving: z.array(z.string()).readonly().describe("two requests, in the order that breaks it"),
  fix: z.string(),
});

const evidence = z.discriminatedUnion("kind", [
  interleavingSchema,
  sourceEvidenceSchema,
  z.object({
    kind: z.literal("spec"),
    location: z.object({ file: z.string(), line: z.number(), column: z.number() }),
    reasons: z.array(z.string()).readonly(),
  }),
  runtimeEvidence,
]);

/** A finding, as it stands in reports and witness files. */
export const findingSchema = z.object({
  id: z.string(),
  weakness: z.string(),
  operation: operationSchema,
  status: z.enum(["proven", "suspected"]),
  severity: z.enum(["high", "medium", "low"]),
  evidence: z.array(evidence).readonly(),
  accepted: z
    .object({ reason: z.string(), expires: z.string().describe("the last day, YYYY-MM-DD") })
    .optional()
    .describe("by the baseline: it is told, and does not fail the build"),
});

export const outcomeSchema = z.object({
  weakness: z.string(),
  operation: operationSchema,
  status: z.enum(["proven", "not-observed", "inconclusive", "model-unfit", "not-applicable"]),
  trials: z.number(),
  overlapped: z.number().describe("trials whose requests were under way at the same time; only these count"),
  bound: z.number().optional().describe("upper 95 % bound of the chance that a trial shows the race"),
  reason: z.string().optional(),
  remarks: z.array(z.string()).readonly().optional(),
  schedules: schedulesSchema.optional(),
});

export const cleanupSchema = z
  .object({
    removed: z.number(),
    left: z.array(z.object({ by: z.string(), count: z.number(), reason: z.string() })).readonly(),
  })
  .describe("what the scan made: removed again, or left behind and why");

/** What became of what the scan made. */
export interface Cleanup {
  readonly removed: number;
  /** By the operation that made it, and the reason why it is still there. */
  readonly left: readonly { readonly by: string; readonly count: number; readonly reason: string }[];
}

/** What a scan found (DESIGN §12). */
export interface Report {
  readonly schema: "deadheat/scan/1";
  readonly tool: { readonly name: "deadheat"; readonly version: string };
  /** With the same document and target: the same amounts, orders and offsets. */
  readonly seed: string;
  readonly document: string;
  readonly target: TargetReport;
  readonly transports: TransportReport;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly RaceOutcome[];
  readonly controls: readonly ControlRow[];
  /** Absent where the database was not in view. */
  readonly transactions?: readonly TransactionReport[];
  readonly cleanup: Cleanup;
  /** Absent judgements give none: docs/grade.md has the formula. */
  readonly grade: Grade | null;
  /** 0 to 100. */
  readonly score: number | null;
  /** What grade and score rest on. */
  readonly scoring?: Scoring;
  /** How it was run. */
  readonly settings?: Settings;
  readonly requests: number;
  readonly durationMs: number;
}

/**
 * The shape of a report for others to build on: add keys, never rename.
 * `schema/report.schema.json` is made from it.
 */
export const reportSchema = z
  .object({
    schema: z.literal("deadheat/scan/1"),
    tool: z.object({ name: z.literal("deadheat"), version: z.string() }),
    seed: z.string(),
    document: z.string(),
    target: targetReportSchema,
    transports: transportReportSchema,
    findings: z.array(findingSchema).readonly(),
    outcomes: z.array(outcomeSchema).readonly(),
    controls: z.array(controlRowSchema).readonly().describe("the control matrix"),
    transactions: z
      .array(transactionReportSchema)
      .readonly()
      .optional()
      .describe("what each captured operation does in which transaction; absent without --database"),
    cleanup: cleanupSchema,
    grade: z.enum(GRADES).nullable().describe("null where no race was judged"),
    score: z.number().nullable().describe("0 to 100; null where no race was judged"),
    scoring: scoringSchema.optional(),
    settings: settingsSchema.optional(),
    requests: z.number(),
    durationMs: z.number(),
  })
  .describe("The report of one deadheat scan");

/** JSON Schema 2020-12 of the report, as published in `schema/report.schema.json`. */
export function reportJsonSchema(): unknown {
  return z.toJSONSchema(reportSchema, { io: "input" });
}
