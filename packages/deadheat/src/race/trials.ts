import type { RaceOutcome } from "../findings/finding.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import type { RunOptions } from "./run.ts";
import type { Prepared, Trial } from "./scenarios/index.ts";

const MOST_UNJUDGED = 10;

/** What trials have shown so far. */
export interface Tally {
  trials: number;
  overlapped: number;
  unjudged: number;
  lastReason?: string;
  /** Requests that were sent together, and those of them that were answered with 5xx. */
  sent: number;
  faults: number;
  race?: Trial;
}

/** Trials until they are done, the time is up, or one shows a race. */
export async function runTrials(
  context: RaceContext,
  prepared: Prepared,
  options: RunOptions,
): Promise<Tally> {
  const tally: Tally = { trials: 0, overlapped: 0, unjudged: 0, sent: 0, faults: 0 };
  const end = context.clock.now() + options.timeLimitMs;
  const planned = Math.min(options.trials, prepared.mostTrials ?? options.trials);
  const atOnce = prepared.atOnce ?? 1;
  for (let first = 0; first < planned && context.clock.now() < end; first += atOnce) {
    context.signal.throwIfAborted();
    if (prepared.enough?.()) break;
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
export function remarksOf(
  { faults, sent }: Tally,
  prepared: Prepared,
  afterwards: readonly string[] = [],
): Pick<RaceOutcome, "remarks"> {
  const remarks = [...(prepared.remarks?.() ?? []), ...afterwards];
  const share = Math.round((100 * faults) / sent);
  if (faults > 0)
    remarks.push(
      `availability: ${faults} of ${sent} requests sent together (${share} %) were answered with 5xx`,
    );
  return remarks.length > 0 ? { remarks } : {};
}

/** One trial that cannot be set up (a connection closed under it) is not the end of the others. */
export async function attempt(prepared: Prepared, schedule: Schedule): Promise<Trial | SetupFailed> {
  try {
    return await prepared.trial(schedule);
  } catch (error) {
    if (error instanceof SetupFailed) return error;
    throw error;
  }
}
