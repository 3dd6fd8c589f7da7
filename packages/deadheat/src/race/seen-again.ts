import { wilson } from "@deadheat/oracle";
import type { RuntimeEvidence } from "../findings/evidence.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { ScanStopped } from "./pacing.ts";
import type { Prepared, Trial } from "./scenarios/index.ts";
import { attempt } from "./trials.ts";

const RATE_TRIALS = 10;
/** So often an object is used up anew, where the last one could be used again before the race was seen again. */
const OBJECTS = 3;

export interface Seen {
  readonly rate: RuntimeEvidence["rate"];
  /** Why it is no proof; absent where it is one. */
  readonly doubt?: string;
}

/** How often fixed trials of the same kind after the proof find it; those that found it would flatter the rate. */
export async function measureRate(prepared: Prepared, { schedule }: Trial): Promise<RuntimeEvidence["rate"]> {
  const { races, trials } = await count(prepared, schedule, RATE_TRIALS, () => false);
  if (trials === 0) return undefined;
  const { low, high } = wilson(races, trials);
  return { races, trials, low, high };
}

/**
 * A limit that starts again by the clock (so many a minute) may do so between the uses that are made before and the
 * ones that race: then both rightly take effect. So the race has to be seen again, in `most` further trials at most, and
 * an object that was used up one at a time before that has to be used up still: had the limit started again in between,
 * for all objects at once, it could be used, too. Where each object has a clock of its own, which its first use starts,
 * the requests one at a time take as long, and show the same.
 */
export async function seeAgain(
  context: RaceContext,
  prepared: Prepared,
  race: Trial,
  most: number,
): Promise<Seen> {
  let rate: Seen["rate"];
  for (let turn = 0; turn < OBJECTS; turn++) {
    const stillUsedUp = await usedUp(race);
    const again = await measureRate(prepared, race);
    rate ??= again;
    if ((again?.races ?? 0) === 0) {
      const { races } = await count(prepared, race.schedule, most, (found) => found > 0);
      if (races === 0) return { rate, doubt: ONCE };
    }
    if (await stillUsedUp()) return { rate };
    context.signal.throwIfAborted();
  }
  return { rate, doubt: STARTS_AGAIN };
}

const ONCE = "it was seen once and not again: a limit that starts again by the clock does the same";
const STARTS_AGAIN =
  "an object that was used up one at a time could be used again soon after: the limit starts again by the clock";

async function usedUp({ useUp }: Trial): Promise<() => Promise<boolean>> {
  try {
    return (await useUp?.()) ?? (async () => true);
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    return async () => false;
  }
}

async function count(
  prepared: Prepared,
  schedule: Trial["schedule"],
  most: number,
  enough: (races: number) => boolean,
): Promise<{ readonly races: number; readonly trials: number }> {
  let races = 0;
  let trials = 0;
  const atOnce = prepared.atOnce ?? 1;
  for (let first = 0; first < most && !enough(races); first += atOnce) {
    let batch: (Trial | SetupFailed)[];
    try {
      const size = Math.min(atOnce, most - first);
      batch = await Promise.all(Array.from({ length: size }, () => attempt(prepared, schedule)));
    } catch (error) {
      if (error instanceof ScanStopped) break;
      throw error;
    }
    for (const trial of batch) {
      if (trial instanceof SetupFailed) continue;
      trials++;
      if (trial.result.verdict === "race") races++;
    }
  }
  return { races, trials };
}
