import { type CheckResult, type Operation, silenceBound, wilson } from "@deadheat/oracle";
import type { RecordedCall, RuntimeEvidence } from "../findings/evidence.ts";
import type { OperationRef, RaceOutcome, RaceResult } from "../findings/finding.ts";
import type { Operation as ApiOperation } from "../plan/operation.ts";
import type { Candidate } from "../plan/plan.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import type { Unlearned } from "./learn.ts";
import { ScanStopped } from "./pacing.ts";
import type { Parallelism } from "./parallelism.ts";
import type { Prepared, Scenario, Trial } from "./scenarios/index.ts";

/** A final state is read again after this long at least, ms (DESIGN §6). */
const CONFIRM_AFTER_MS = 2000;
const WATCH_PER_TRIAL_MS = 200;
const LONGEST_WATCH_MS = 10_000;
const RATE_TRIALS = 10;
const MOST_UNJUDGED = 10;

export interface RunOptions {
  /** Fixed in advance; only a proof ends the trials early. */
  readonly trials: number;
  /** For the trials of one scenario at one operation, ms. */
  readonly timeLimitMs: number;
  readonly onTrial: (done: number, planned: number) => void;
}

/** Runs one scenario at one operation, to its verdict. */
export async function runScenario(
  context: RaceContext,
  scenario: Pick<Scenario, "weakness">,
  candidate: Candidate,
  prepare: () => Promise<Prepared | Unlearned>,
  parallelism: () => Promise<Parallelism>,
  options: RunOptions,
): Promise<RaceResult> {
  const operation = refOf(candidate.act.operation);
  const base = { weakness: scenario.weakness, operation, trials: 0, overlapped: 0 };
  let tally: Tally | undefined;
  try {
    const prepared = await prepare();
    if ("status" in prepared) return { outcome: { ...base, ...prepared } };
    tally = await runTrials(context, prepared, options);
    const counts = {
      ...base,
      trials: tally.trials,
      overlapped: tally.overlapped,
      ...remarksOf(tally, prepared),
    };
    if (tally.race) return await prove(context, prepared, tally.race, tally.trials - 1, counts);
    return { outcome: await silence(counts, tally, prepared.overlap?.bind(prepared) ?? parallelism) };
  } catch (error) {
    if (!(error instanceof SetupFailed || error instanceof ScanStopped)) throw error;
    const counts = { trials: tally?.trials ?? 0, overlapped: tally?.overlapped ?? 0 };
    return { outcome: { ...base, ...counts, status: "inconclusive", reason: error.message } };
  }
}

export function refOf(operation: ApiOperation): OperationRef {
  const { method, path, operationId } = operation;
  return { method, path, ...(operationId === undefined ? {} : { operationId }) };
}

type Counts = Pick<RaceOutcome, "weakness" | "operation" | "trials" | "overlapped" | "remarks">;

interface Tally {
  trials: number;
  overlapped: number;
  unjudged: number;
  lastReason?: string;
  /** Requests that were sent together, and those of them that were answered with 5xx. */
  sent: number;
  faults: number;
  race?: Trial;
}

async function runTrials(context: RaceContext, prepared: Prepared, options: RunOptions): Promise<Tally> {
  const tally: Tally = { trials: 0, overlapped: 0, unjudged: 0, sent: 0, faults: 0 };
  const end = context.clock.now() + options.timeLimitMs;
  const planned = Math.min(options.trials, prepared.mostTrials ?? options.trials);
  const atOnce = prepared.atOnce ?? 1;
  for (let first = 0; first < planned && context.clock.now() < end; first += atOnce) {
    context.signal.throwIfAborted();
    const count = Math.min(atOnce, planned - first);
    const batch = Array.from({ length: count }, (_, index) =>
      attempt(prepared, prepared.schedule(first + index)),
    );
    for (const trial of await Promise.all(batch)) {
      note(tally, trial);
      options.onTrial(tally.trials, planned);
      if (tally.race || (tally.unjudged >= MOST_UNJUDGED && tally.overlapped === 0)) return tally;
    }
  }
  return tally;
}

function note(tally: Tally, trial: Trial | SetupFailed): void {
  tally.trials++;
  if (trial instanceof SetupFailed) {
    tally.unjudged++;
    tally.lastReason = trial.message;
    return;
  }
  tally.sent += trial.faults.sent;
  tally.faults += trial.faults.faults;
  if (trial.result.verdict === "race" && trial.overlapped) tally.race = trial;
  else if (trial.result.verdict === "linearizable" && trial.overlapped) tally.overlapped++;
  else {
    tally.unjudged++;
    tally.lastReason =
      trial.unjudged ?? (trial.overlapped ? "the oracle's budget ended" : "requests did not overlap");
  }
}

/** A 500 under concurrency (a serialization failure without a retry) is about availability, not a race. */
function remarksOf({ faults, sent }: Tally, prepared: Prepared): Pick<RaceOutcome, "remarks"> {
  const remarks = [...(prepared.remarks?.() ?? [])];
  const share = Math.round((100 * faults) / sent);
  if (faults > 0)
    remarks.push(
      `availability: ${faults} of ${sent} requests sent together (${share} %) were answered with 5xx`,
    );
  return remarks.length > 0 ? { remarks } : {};
}

/** One trial that cannot be set up (a connection closed under it) is not the end of the others. */
async function attempt(prepared: Prepared, schedule: Schedule): Promise<Trial | SetupFailed> {
  try {
    return await prepared.trial(schedule);
  } catch (error) {
    if (error instanceof SetupFailed) return error;
    throw error;
  }
}

/** Nothing was seen. How much that is worth depends on what could have been seen. */
async function silence(
  counts: Counts,
  tally: Tally,
  parallelism: () => Promise<Parallelism>,
): Promise<RaceOutcome> {
  if (tally.overlapped === 0) {
    const reason = tally.lastReason ?? "no trial could be judged within the time limit";
    return { ...counts, status: "inconclusive", reason };
  }
  const { overlaps, factor } = await parallelism();
  if (!overlaps) {
    const reason = `requests cannot overlap: 8 independent requests together ran ${factor.toFixed(1)} at a time`;
    return { ...counts, overlapped: 0, status: "inconclusive", reason };
  }
  return { ...counts, status: "not-observed", bound: silenceBound(tally.overlapped) };
}

/** What stands between a history that no order explains and the word "proven" (DESIGN §6). */
async function prove(
  context: RaceContext,
  prepared: Prepared,
  race: Trial,
  index: number,
  counts: Counts,
): Promise<RaceResult> {
  const inconclusive = (reason: string): RaceResult => ({
    outcome: { ...counts, status: "inconclusive", reason },
  });
  // The more was tried before it showed, the rarer a change by others would do as an explanation.
  const wait = Math.max(
    CONFIRM_AFTER_MS,
    5 * prepared.visibilityMs,
    Math.min(WATCH_PER_TRIAL_MS * counts.trials, LONGEST_WATCH_MS),
  );
  await context.clock.sleep(wait, context.signal);
  const later = await race.confirm();
  const after = `${wait / 1000} s later`;
  if (later === "changed") return inconclusive(`the state read back had changed by itself ${after}`);
  if (later === "unreadable") return inconclusive(`the state could not be read again ${after}`);
  const serial = await race.replaySerially();
  if (serial.verdict !== "linearizable")
    return inconclusive("the same requests one at a time also break the model: not a race");
  const rate = await measureRate(prepared, race);
  const controls = [
    ...prepared.controls,
    `the final state was the same ${wait / 1000} s later`,
    "the same requests one at a time, back to back, fit the model",
  ];
  const evidence = evidenceOf(race, race.result, prepared, index, controls, rate);
  return { outcome: { ...counts, overlapped: counts.overlapped + 1, status: "proven" }, evidence };
}

/** Fixed trials of the same kind after the proof; those that found it would flatter the rate. */
async function measureRate(prepared: Prepared, { schedule }: Trial): Promise<RuntimeEvidence["rate"]> {
  let races = 0;
  let trials = 0;
  const atOnce = prepared.atOnce ?? 1;
  while (trials < RATE_TRIALS) {
    try {
      const count = Math.min(atOnce, RATE_TRIALS - trials);
      const batch = await Promise.all(Array.from({ length: count }, () => prepared.trial(schedule)));
      races += batch.filter((trial) => trial.result.verdict === "race").length;
      trials += count;
    } catch (error) {
      if (error instanceof SetupFailed || error instanceof ScanStopped) break;
      throw error;
    }
  }
  if (trials === 0) return undefined;
  const { low, high } = wilson(races, trials);
  return { races, trials, low, high };
}

function evidenceOf(
  trial: Trial,
  { witness }: CheckResult,
  prepared: Prepared,
  index: number,
  controls: readonly string[],
  rate: RuntimeEvidence["rate"],
): RuntimeEvidence {
  const history = [...trial.history].sort((a, b) => a.invoke - b.invoke).map((one) => record(one, trial));
  return {
    kind: "runtime",
    form: "history",
    summary: trial.summary,
    model: prepared.model,
    transport: trial.schedule.transport,
    trial: index,
    schedule: trial.schedule,
    history,
    witness: witness?.core ?? history.map((one) => one.id),
    ...(witness ? { impossible: witness.explanation.stuck.id } : {}),
    explanation: witness?.explanation.words ?? "",
    controls,
    ...(rate ? { rate } : {}),
  };
}

function record(operation: Operation<unknown, unknown>, trial: Trial): RecordedCall {
  const note = trial.calls.get(operation.id);
  const since = (time: number) => Math.round((time - trial.release) * 1000) / 1000;
  return {
    id: operation.id,
    process: String(operation.process),
    operation: note?.operation ?? "",
    does: note?.does ?? "",
    ...(note?.status === undefined ? {} : { status: note.status }),
    invoke: since(operation.invoke),
    ...(operation.return === undefined ? {} : { return: since(operation.return) }),
    input: operation.input,
    ...(operation.output === undefined ? {} : { output: operation.output }),
    outcome: operation.outcome,
  };
}

export function skipped(scenario: string, candidate: Candidate, { status, reason }: Unlearned): RaceOutcome {
  return {
    weakness: scenario,
    operation: refOf(candidate.act.operation),
    status,
    reason,
    trials: 0,
    overlapped: 0,
  };
}
