import { silenceBound } from "@deadheat/oracle";
import type { OperationRef, RaceOutcome, RaceResult } from "../findings/finding.ts";
import { maskWith } from "../findings/redact.ts";
import type { ScheduleCounts, Script } from "../plan/interleaving.ts";
import type { Operation as ApiOperation } from "../plan/operation.ts";
import type { Candidate } from "../plan/plan.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import type { Exploration, ExploredRace, ExploreOptions } from "./explore.ts";
import { historyEvidence } from "./history-evidence.ts";
import { deadlockEvidence, interleavingEvidence } from "./interleaving-evidence.ts";
import type { Unlearned } from "./learn.ts";
import { ScanStopped } from "./pacing.ts";
import type { Parallelism } from "./parallelism.ts";
import type { Prepared, Scenario, Trial } from "./scenarios/index.ts";
import { exploreFirst, schedulesAlone } from "./schedules.ts";
import { measureRate, seeAgain } from "./seen-again.ts";
import { knownSecrets } from "./shown.ts";
import { remarksOf, runTrials, type Tally } from "./trials.ts";

/** A final state is read again after this long at least, ms (DESIGN §6). */
const CONFIRM_AFTER_MS = 2000;
const WATCH_PER_TRIAL_MS = 200;
const LONGEST_WATCH_MS = 10_000;

/** Why a race is in doubt that others may have disturbed. */
export const CHANGED_BY_ITSELF = "the state read back had changed by itself";

export interface RunOptions {
  /** Fixed in advance; only a proof ends the trials early. */
  readonly trials: number;
  /** For the trials of one scenario at one operation, ms. */
  readonly timeLimitMs: number;
  readonly onTrial: (done: number, planned: number) => void;
  /** For what the orders of SQL statements showed, where the database is in view. */
  readonly schedules?: Omit<ExploreOptions, "end"> & {
    readonly onCaptured?: (scripts: readonly Script[]) => void;
  };
  /** Nothing is raced by bursts. */
  readonly schedulesOnly?: boolean;
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
  const at = { weakness: scenario.weakness, operation: refOf(candidate.act.operation) };
  return runPrepared(context, at, prepare, parallelism, options);
}

/** The same for what no document planned: a scenario of the user's own. */
export async function runPrepared(
  context: RaceContext,
  at: Pick<RaceOutcome, "weakness" | "operation">,
  prepare: () => Promise<Prepared | Unlearned>,
  parallelism: () => Promise<Parallelism>,
  options: RunOptions,
): Promise<RaceResult> {
  const base = { ...at, trials: 0, overlapped: 0 };
  let tally: Tally | undefined;
  let deadlock: Pick<RaceResult, "deadlock"> = {};
  try {
    const prepared = await prepare();
    if ("status" in prepared) return { outcome: { ...base, ...prepared } };
    const explored = await exploreFirst(context, prepared, options);
    const schedules = explored ? { schedules: explored.counts } : {};
    deadlock = deadlockOf(prepared, explored);
    if (explored?.race) {
      const counts = { ...base, ...schedules };
      const proof = await proveExplored(context, prepared, explored.race, counts, options.trials);
      return { ...proof, ...deadlock };
    }
    if (options.schedulesOnly) return { outcome: { ...base, ...schedulesAlone(explored) }, ...deadlock };
    tally = await runTrials(context, prepared, options);
    const counts = {
      ...base,
      ...schedules,
      trials: tally.trials,
      overlapped: tally.overlapped,
      ...remarksOf(tally, prepared, await prepared.afterwards?.()),
    };
    if (tally.race) {
      const proof = await prove(context, prepared, tally.race, tally.trials - 1, counts, options.trials);
      return { ...proof, ...deadlock };
    }
    const measured = prepared.overlap?.bind(prepared) ?? parallelism;
    const outcome = await silence(counts, tally, overlapsShownBy(explored) ?? measured);
    return { outcome, ...deadlock };
  } catch (error) {
    if (!(error instanceof SetupFailed || error instanceof ScanStopped)) throw error;
    const counts = { trials: tally?.trials ?? 0, overlapped: tally?.overlapped ?? 0 };
    return { outcome: { ...base, ...counts, status: "inconclusive", reason: error.message }, ...deadlock };
  }
}

/** A schedule is realised only where one request came to statements of its own while another was held: they overlap. */
function overlapsShownBy(explored: Exploration | undefined): (() => Promise<Parallelism>) | undefined {
  return explored && explored.counts.realised > 0 ? async () => ({ overlaps: true }) : undefined;
}

function deadlockOf(
  { interleaved }: Prepared,
  explored: Exploration | undefined,
): Pick<RaceResult, "deadlock"> {
  if (!explored?.deadlock || !interleaved) return {};
  return { deadlock: deadlockEvidence(explored.deadlock, interleaved, explored.counts) };
}

export function refOf(operation: ApiOperation): OperationRef {
  const { method, path, operationId } = operation;
  return { method, path, ...(operationId === undefined ? {} : { operationId }) };
}

async function proveExplored(
  context: RaceContext,
  prepared: Prepared,
  race: ExploredRace,
  base: Counts & { readonly schedules?: ScheduleCounts },
  most: number,
): Promise<RaceResult> {
  const trials = race.index + 1;
  const counts = { ...base, trials, overlapped: race.index };
  const result = await prove(context, race.prepared, race.trial, race.index, counts, most);
  if (!result.evidence || !prepared.interleaved || !base.schedules) return result;
  return { ...result, interleaving: interleavingEvidence(race, prepared.interleaved, base.schedules) };
}

type Counts = Pick<RaceOutcome, "weakness" | "operation" | "trials" | "overlapped" | "remarks">;

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
    const reason =
      factor === undefined
        ? "it cannot be told whether requests overlap: independent calls were refused"
        : `requests cannot overlap: 8 independent requests together ran ${factor.toFixed(1)} at a time`;
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
  most: number,
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
  await (context.rest?.(wait) ?? context.clock.sleep(wait, context.signal));
  const later = await race.confirm();
  const after = `${wait / 1000} s later`;
  if (later === "changed") return inconclusive(`${CHANGED_BY_ITSELF} ${after}`);
  if (later === "unreadable") return inconclusive(`the state could not be read again ${after}`);
  const serial = await race.replaySerially();
  if (serial.verdict !== "linearizable")
    return inconclusive("the same requests one at a time also break the model: not a race");
  if ((await race.takesEffectApart?.()) === false)
    return inconclusive(
      "the same requests at once lose effects on objects of their own as well: a limiter, or a store that they all share",
    );
  const { rate, doubt } = prepared.limited
    ? await seeAgain(context, prepared, race, most)
    : { rate: await measureRate(prepared, race) };
  if (doubt !== undefined) return inconclusive(doubt);
  const controls = [
    ...prepared.controls,
    `the final state was the same ${wait / 1000} s later`,
    prepared.serialControl ?? "the same requests one at a time, back to back, fit the model",
    ...(race.takesEffectApart
      ? ["the same requests at once, on objects that share nothing, all took effect"]
      : []),
    ...(prepared.limited
      ? ["it was seen again, while an object that was used up one at a time before stayed so"]
      : []),
  ];
  const exchanges = [...race.calls.values()].flatMap((one) => one.exchange ?? []);
  const mask = maskWith(context.uuid(), knownSecrets(exchanges));
  const window = prepared.window?.();
  const evidence = historyEvidence(race, { model: prepared.model, index, controls, rate, mask, window });
  return { outcome: { ...counts, overlapped: counts.overlapped + 1, status: "proven" }, evidence };
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
