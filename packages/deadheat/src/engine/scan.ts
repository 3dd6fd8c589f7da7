import { type Finding, findingId, type RaceOutcome } from "../findings/finding.ts";
import { gradeOf } from "../findings/grade.ts";
import { maskWith, redactTexts } from "../findings/redact.ts";
import type { Cleanup, Report } from "../findings/report.ts";
import type { Settings } from "../findings/settings.ts";
import type { Degradation } from "../findings/transports.ts";
import { operationName } from "../plan/operation.ts";
import type { Plan } from "../plan/plan.ts";
import { type RaceContext, type Target, unseen } from "../race/index.ts";
import { version } from "../version.ts";
import { type Controls, examineControls } from "./controls.ts";
import { deadlocks } from "./deadlocks.ts";
import type { ScanEvent } from "./events.ts";
import type { ScanOptions } from "./options.ts";
import { loadPlan, prepareTarget } from "./prepare.ts";
import { type Raced, raceAll } from "./race-all.ts";
import { eventStream } from "./stream.ts";
import { targetReport, warningsOf } from "./target-report.ts";
import { transactionReports, withTransactions } from "./transactions.ts";

/** Scans a running API. The stream ends with `ended`, or throws DeadheatError. */
export function scan(options: ScanOptions): AsyncGenerator<ScanEvent> {
  return eventStream((emit) => run(options, emit));
}

/** The matrix is about these two. */
const OF_CONTROLS = ["control-mismatch", "token-unverified"];

function testsControls({ only, schedulesOnly, weaknesses }: ScanOptions): boolean {
  if (only || schedulesOnly) return false;
  return !weaknesses || OF_CONTROLS.some((one) => weaknesses.includes(one));
}

/** The matrix is made for both at once; what was not asked for is not told. */
function wanted(controls: Controls, { weaknesses }: ScanOptions): Controls {
  if (!weaknesses) return controls;
  const isWanted = ({ weakness }: { readonly weakness: string }) => weaknesses.includes(weakness);
  const { findings, outcomes } = controls;
  return { ...controls, findings: findings.filter(isWanted), outcomes: outcomes.filter(isWanted) };
}

type Emit = (event: ScanEvent) => void;

async function run(options: ScanOptions, emit: Emit): Promise<void> {
  const started = options.clock.now();
  const plan = await loadPlan(options);
  const ms = options.clock.now() - started;
  const onReachable = ({ origin }: Target) => {
    emit({ type: "started", version, origin, document: options.document, seed: options.seed });
    for (const text of warningsOf(options)) emit({ type: "warning", text });
    const bearer = plan.operations.filter((one) => one.bearer.length > 0).length;
    const { operations, candidates } = plan;
    emit({ type: "spec", operations: operations.length, bearer, candidates: candidates.length, ms });
    for (const { operation, reason } of plan.omitted)
      emit({ type: "remark", text: `${operationName(operation)} is left out: it ${reason}` });
  };
  const onDegraded = (degradation: Degradation) => emit({ type: "degraded", ...degradation });
  const prepared = await prepareTarget(options, plan, { onReachable, onDegraded });
  const { context } = prepared;
  let raced: Raced[];
  let controls: Controls;
  try {
    emit({
      type: "probe",
      transports: context.choice.report(),
      credentials: prepared.notes,
      ms: prepared.ms,
    });
    raced = await raceAll(context, plan, options, emit);
    // An API that talks to its database directly would look clean in every schedule.
    // Where nothing was judged (no token was had), there is nothing that could look so.
    if (options.database && !options.database.seen() && raced.some(isJudged)) throw unseen();
    const isOver = options.endsAt !== undefined && options.clock.now() >= options.endsAt;
    if (isOver && testsControls(options))
      emit({ type: "remark", text: "the control matrix was not made: the time for all races was over" });
    controls =
      testsControls(options) && !isOver
        ? wanted(await examineControls(context, plan, options, emit), options)
        : NO_CONTROLS;
  } catch (error) {
    emit({ type: "cleanup", cleanup: await prepared.close() });
    throw error;
  }
  const cleanup = await prepared.close();
  emit({ type: "cleanup", cleanup });
  const durationMs = options.clock.now() - started;
  const report = reportOf(options, plan, context, raced, controls, cleanup, durationMs);
  for (const finding of report.findings) emit({ type: "finding", finding });
  emit({ type: "ended", report, requests: context.budget.spent, ms: durationMs });
}

function isJudged({ result: { outcome } }: Raced): boolean {
  return outcome.status === "proven" || outcome.status === "not-observed";
}

/** A proof that is run again is about one race. */
const NO_CONTROLS: Controls = { rows: [], findings: [], outcomes: [] };

function reportOf(
  options: ScanOptions,
  plan: Plan,
  context: RaceContext,
  raced: readonly Raced[],
  controls: Controls,
  cleanup: Cleanup,
  durationMs: number,
): Report {
  const { statement } = options.authorization;
  const outcomes = raced.map(({ result }) => explained(result.outcome, controls));
  const transactions = transactionReports(raced);
  const { weaknesses } = options;
  const deadlocked = deadlocks(raced).filter(
    ({ finding }) => !weaknesses || weaknesses.includes(finding.weakness),
  );
  const findings = [
    ...raced.flatMap(findingOf),
    ...deadlocked.map(({ finding }) => finding),
    ...controls.findings,
  ];
  const judged = [...outcomes, ...deadlocked.map(({ outcome }) => outcome), ...controls.outcomes];
  const report: Report = {
    schema: "deadheat/scan/1",
    tool: { name: "deadheat", version },
    seed: options.seed,
    document: plan.document,
    target: targetReport(context.target, statement),
    transports: context.choice.report(),
    findings,
    outcomes: judged,
    controls: withTransactions(controls.rows, transactions),
    ...(options.database ? { transactions } : {}),
    cleanup,
    ...gradeOf({ findings, outcomes: judged, controls: controls.rows }),
    settings: settingsOf(options, plan),
    requests: context.budget.spent,
    durationMs: Math.round(durationMs),
  };
  // What an API answers may hold anything, in a reason as well.
  return redactTexts(report, maskWith(options.uuid()));
}

function settingsOf(options: ScanOptions, plan: Plan): Settings {
  const { trials, timeoutMs, requestLimit, ratePerSecond, weaknesses, database, optIn } = options;
  return {
    trials,
    timeoutMs,
    requestLimit,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(weaknesses ? { weaknesses } : {}),
    database: database !== undefined,
    allow: options.authorization.allow,
    optIn,
    omitted: plan.omitted.map(({ operation, reason }) => ({ operation: operationName(operation), reason })),
  };
}

/** That a revocation does nothing is said once, where it is proven: then there is nothing to race, and no doubt. */
function explained({ ineffective = [], ...outcome }: RaceOutcome, controls: Controls): RaceOutcome {
  const proven = ineffective.find(({ method, path }) =>
    controls.findings.some(
      ({ weakness, operation }) =>
        weakness === "control-mismatch" && operation.method === method && operation.path === path,
    ),
  );
  if (!proven || outcome.status !== "inconclusive") return outcome;
  const reason = `${operationName(proven)} revokes nothing: proven there as control-mismatch`;
  return { ...outcome, status: "not-applicable", reason };
}

/** Spec and run-time evidence for the same weakness at the same operation are one finding. */
function findingOf({ candidate, result }: Raced): Finding[] {
  const { outcome, evidence } = result;
  if (!evidence) return [];
  const { location } = candidate.act.operation;
  return [
    {
      id: findingId(outcome.weakness, outcome.operation),
      weakness: outcome.weakness,
      operation: outcome.operation,
      status: "proven",
      severity: candidate.severity,
      evidence: [
        { kind: "spec", location, reasons: candidate.reasons },
        evidence,
        ...(result.interleaving ? [result.interleaving] : []),
      ],
    },
  ];
}
