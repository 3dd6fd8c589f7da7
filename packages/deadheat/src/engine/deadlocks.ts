import { type Finding, findingId, type RaceOutcome } from "../findings/finding.ts";
import type { Raced } from "./race-all.ts";

interface Deadlock {
  readonly finding: Finding;
  readonly outcome: RaceOutcome;
}

/**
 * One finding for each operation that was driven into a deadlock, whatever was raced when it was. It is found beside
 * what was looked for: an operation without one has no outcome here, since not every pair of requests was played.
 */
export function deadlocks(raced: readonly Raced[]): Deadlock[] {
  const found = new Map<string, Deadlock>();
  for (const { candidate, result } of raced) {
    if (!result.deadlock) continue;
    const { operation, schedules } = result.outcome;
    const id = findingId(WEAKNESS, operation);
    if (found.has(id)) continue;
    const { location } = candidate.act.operation;
    const reasons = [
      `its requests wait for each other, seen while ${result.outcome.weakness} was looked for`,
    ];
    found.set(id, {
      finding: {
        id,
        weakness: WEAKNESS,
        operation,
        status: "proven",
        severity: "medium",
        evidence: [{ kind: "spec", location, reasons }, result.deadlock],
      },
      outcome: {
        weakness: WEAKNESS,
        operation,
        status: "proven",
        trials: schedules?.planned ?? 0,
        overlapped: schedules?.realised ?? 0,
      },
    });
  }
  return [...found.values()];
}

const WEAKNESS = "lock-order";
