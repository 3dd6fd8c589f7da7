import { z } from "zod";
import { DeadheatError } from "../errors.ts";
import type { CustomSchedule } from "../plan/custom.ts";
import type { ScheduleCounts } from "../plan/interleaving.ts";
import type { InterleavingEvidence, RuntimeEvidence } from "./evidence.ts";
import type { RaceOutcome } from "./finding.ts";
import {
  type Cleanup,
  cleanupSchema,
  interleavingSchema,
  orderSchema,
  rateSchema,
  recordedCallSchema,
  scheduleSchema,
  schedulesSchema,
} from "./report.ts";
import { type TargetReport, targetReportSchema } from "./target.ts";
import { type TransportReport, transportReportSchema } from "./transports.ts";

/** A history that breaks what has to be true, and what its trial sent. */
export interface RaceEvidence extends RuntimeEvidence {
  readonly schedule: CustomSchedule;
}

/**
 * What became of a race of the user's own. `violated-sequentially`: what has to be true is not true one request at a
 * time either, which is the API's mistake or the scenario's, and no race.
 */
export type RaceStatus = "proven" | "not-observed" | "inconclusive" | "model-unfit" | "violated-sequentially";

/** What `deadheat race` found: the report, and where it is proven, the witness file. */
export interface RaceReport {
  readonly schema: "deadheat/race/1";
  readonly tool: { readonly name: "deadheat"; readonly version: string };
  /** With the same scenario and target: the same orders and offsets. */
  readonly seed: string;
  /** `source`: the file as the user named it, or `race()`. */
  readonly scenario: { readonly name: string; readonly source: string };
  readonly target: TargetReport;
  readonly transports: TransportReport;
  readonly status: RaceStatus;
  readonly trials: number;
  /** Trials whose requests were under way at the same time; only these count. */
  readonly overlapped: number;
  /** Upper 95 % bound of the chance that a trial shows the race, where none did. */
  readonly bound?: number;
  readonly reason?: string;
  readonly remarks?: readonly string[];
  readonly evidence?: RaceEvidence;
  /** The order of SQL statements that gave it; absent where the database was not in view. */
  readonly interleaving?: InterleavingEvidence;
  readonly schedules?: ScheduleCounts;
  readonly cleanup: Cleanup;
  readonly requests: number;
  readonly durationMs: number;
}

const evidence = z.object({
  kind: z.literal("runtime"),
  form: z.literal("history"),
  summary: z.string(),
  model: z.string().describe("as the oracle knows it, or `invariant`"),
  transport: z.string(),
  trial: z.number(),
  schedule: scheduleSchema.extend({
    order: z.array(z.int().min(0)).readonly().describe("requests in the order in which they were sent"),
    offsetsMs: z.array(z.number()).readonly().describe("of each request, as the scenario lists them"),
  }),
  history: z.array(recordedCallSchema).readonly(),
  witness: z.array(z.string()).readonly().describe("ids of the calls that suffice to show it"),
  impossible: z.string().optional(),
  explanation: z.string(),
  order: orderSchema.optional(),
  controls: z.array(z.string()).readonly(),
  rate: rateSchema.optional(),
});

/** The shape of `deadheat race --json`: add keys, never rename. */
export const raceReportSchema = z
  .object({
    schema: z.literal("deadheat/race/1"),
    tool: z.object({ name: z.literal("deadheat"), version: z.string() }),
    seed: z.string(),
    scenario: z.object({ name: z.string(), source: z.string() }),
    target: targetReportSchema,
    transports: transportReportSchema,
    status: z.enum(["proven", "not-observed", "inconclusive", "model-unfit", "violated-sequentially"]),
    trials: z.number(),
    overlapped: z
      .number()
      .describe("trials whose requests were under way at the same time; only these count"),
    bound: z.number().optional().describe("upper 95 % bound of the chance that a trial shows the race"),
    reason: z.string().optional(),
    remarks: z.array(z.string()).readonly().optional(),
    evidence: evidence.optional(),
    interleaving: interleavingSchema.optional(),
    schedules: schedulesSchema.optional(),
    cleanup: cleanupSchema,
    requests: z.number(),
    durationMs: z.number(),
  })
  .describe("The report of one deadheat race");

export function raceReportJsonSchema(): unknown {
  return z.toJSONSchema(raceReportSchema, { io: "input" });
}

/** Exit codes of a race (DESIGN §11). */
export function raceExitCode(
  { status }: Pick<RaceReport, "status">,
  options: { readonly allowInconclusive: boolean },
): 0 | 1 | 3 {
  if (status === "proven") return 1;
  return status === "not-observed" || options.allowInconclusive ? 0 : 3;
}

/** What a scan would call it: exit codes, tallies and colours are the same. */
export function statusOf(
  { status }: RaceOutcome,
  sequential: string | undefined,
  isModel: boolean,
): RaceStatus {
  if (sequential !== undefined && status !== "proven")
    return isModel ? "model-unfit" : "violated-sequentially";
  return status === "not-applicable" ? "inconclusive" : status;
}

/** Throws DeadheatError where the text is no proof that can be run again. */
export function parseRaceWitness(
  name: string,
  text: string,
): { readonly report: RaceReport; readonly evidence: RaceEvidence } {
  const hint = "Give a witness file that deadheat race wrote, .deadheat/SEED/race-….json.";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DeadheatError("witness-invalid", `${name}: not JSON`, hint, cause);
  }
  const parsed = raceReportSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") || "the file";
    throw new DeadheatError(
      "witness-invalid",
      `${name}: not a witness file (${place}: ${issue?.message})`,
      hint,
    );
  }
  const report = parsed.data as RaceReport;
  if (!report.evidence)
    throw new DeadheatError(
      "witness-invalid",
      `${name}: it holds no proof, so there is nothing to run again`,
      hint,
    );
  if (report.scenario.source === "race()")
    throw new DeadheatError(
      "witness-invalid",
      `${name}: the scenario is in a program, not in a file`,
      `Run that program with seed: ${JSON.stringify(report.seed)}.`,
    );
  return { report, evidence: report.evidence };
}
