import type { RaceOutcome } from "../findings/finding.ts";
import type { RaceContext } from "./context.ts";
import { type Exploration, explore } from "./explore.ts";
import type { RunOptions } from "./run.ts";
import type { Prepared } from "./scenarios/index.ts";

/** Schedules come before bursts: they need no luck. */
export async function exploreFirst(
  context: RaceContext,
  prepared: Prepared,
  { timeLimitMs, schedules }: RunOptions,
): Promise<Exploration | undefined> {
  const { interleaver, clock } = context;
  if (!interleaver || !prepared.interleaved) return undefined;
  const end = clock.now() + timeLimitMs;
  const explored = await explore(context, interleaver, prepared, prepared.interleaved, { ...schedules, end });
  schedules?.onCaptured?.(explored.scripts);
  return explored;
}

/** No race in any schedule, and nothing raced by bursts: clean within the bound only where all were realised. */
export function schedulesAlone(
  explored: Exploration | undefined,
): Omit<RaceOutcome, "weakness" | "operation"> {
  if (!explored)
    return { status: "not-applicable", reason: "has no pair of requests", trials: 0, overlapped: 0 };
  const { planned, realised, reasons, uncovered, unshown } = explored.counts;
  const counts = { schedules: explored.counts, trials: planned, overlapped: realised };
  if (planned > 0 && realised === planned && unshown.length === 0)
    return { ...counts, status: "not-observed" };
  const why = [...reasons, ...(planned === 0 ? uncovered : unshown)].join("; ");
  return {
    ...counts,
    status: "inconclusive",
    reason: `${realised} of ${planned} schedules realised: ${why}`,
  };
}
