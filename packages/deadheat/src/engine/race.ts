import { DeadheatError } from "../errors.ts";
import { type RaceEvidence, type RaceReport, statusOf } from "../findings/race-report.ts";
import { type Mask, maskWith, redactText, redactTexts } from "../findings/redact.ts";
import type { CustomScenario, CustomSchedule } from "../plan/custom.ts";
import type { Preemption } from "../plan/interleaving.ts";
import type { Plan } from "../plan/plan.ts";
import { type CustomResult, runCustom, totalOf, unseen } from "../race/index.ts";
import { version } from "../version.ts";
import type { TargetOptions } from "./options.ts";
import { prepareTarget } from "./prepare.ts";
import { targetReport } from "./target-report.ts";

export interface RaceOptions extends Omit<TargetOptions, "document" | "principals" | "objects" | "optIn"> {
  readonly scenario: CustomScenario;
  /** Fixed in advance; only a proof ends them early. */
  readonly trials: number;
  readonly timeLimitMs: number;
  /** What each trial sends, as a proof has it. */
  readonly only?: CustomSchedule;
  readonly onTrial?: (done: number, planned: number) => void;
}

/** Races one scenario of the user's own against a running API. Throws DeadheatError. */
export async function runRace(options: RaceOptions): Promise<RaceReport> {
  const { scenario, clock } = options;
  const started = clock.now();
  const target = options.target ?? scenario.target;
  if (target === undefined)
    throw new DeadheatError("usage", "no target", "Add --target URL, or target: to the race file.");
  const common = { ...options, target, document: scenario.source, objects: [], optIn: [], principals: [] };
  const prepared = await prepareTarget(common, UNPLANNED);
  const { context } = prepared;
  let result: CustomResult;
  try {
    result = await runCustom(context, scenario, {
      trials: options.trials,
      timeLimitMs: options.timeLimitMs,
      onTrial: options.onTrial ?? (() => {}),
      ...(options.only ? { only: options.only } : {}),
      ...ofSchedule(options.only?.interleaving),
    });
  } catch (error) {
    await prepared.close();
    throw error;
  }
  if (options.database && !options.database.seen()) {
    await prepared.close();
    throw unseen();
  }
  const cleanup = totalOf([result.cleanup, await prepared.close()]);
  return {
    ...redacted(reportOf(options, result), maskWith(options.uuid())),
    target: targetReport(context.target, options.authorization.statement),
    transports: context.choice.report(),
    cleanup,
    requests: context.budget.spent,
    durationMs: Math.round(clock.now() - started),
  };
}

/** The proof is an order of statements: that one is played, and nothing is raced by bursts. */
function ofSchedule(preemption: Preemption | undefined) {
  return preemption ? { schedules: { only: preemption }, schedulesOnly: true } : {};
}

function reportOf(
  { scenario, seed }: RaceOptions,
  { outcome, evidence, interleaving, sequential }: CustomResult,
) {
  const { trials, overlapped, bound, remarks, schedules } = outcome;
  const reason = sequential ?? outcome.reason;
  return {
    schema: "deadheat/race/1",
    tool: { name: "deadheat", version },
    seed,
    scenario: { name: scenario.name, source: scenario.source },
    status: statusOf(outcome, sequential, scenario.expectation.kind === "model"),
    trials,
    overlapped,
    ...(bound === undefined ? {} : { bound }),
    ...(reason === undefined ? {} : { reason }),
    ...(remarks === undefined ? {} : { remarks }),
    ...(evidence ? { evidence: evidence as RaceEvidence } : {}),
    ...(interleaving ? { interleaving } : {}),
    ...(schedules ? { schedules } : {}),
  } as const satisfies Partial<RaceReport>;
}

/** What it says of answers; the evidence was masked when it was made, and the scenario is the user's own. */
function redacted<R extends Pick<RaceReport, "reason" | "remarks">>(report: R, mask: Mask): R {
  const { reason, remarks } = report;
  return {
    ...report,
    ...(reason === undefined ? {} : { reason: redactText(reason, mask) }),
    ...(remarks === undefined ? {} : { remarks: redactTexts(remarks, mask) }),
  };
}

/** There is no document: nothing is planned from one. */
const UNPLANNED: Plan = {
  title: "",
  document: "",
  operations: [],
  credentials: [],
  candidates: [],
  omitted: [],
};
