import type { InterleavingEvidence } from "../findings/evidence.ts";
import type { ScheduleCounts } from "../plan/interleaving.ts";
import type { ExploredRace } from "./explore.ts";
import type { Interleaved } from "./scenarios/index.ts";

/** The order of statements that produced a race, for reports. */
export function interleavingEvidence(
  { realisation, script, index, afterMs }: ExploredRace,
  { names }: Interleaved,
  schedules: ScheduleCounts,
): InterleavingEvidence {
  const { preemption, other, steps, diverged } = realisation;
  const [held, ran] = preemption.held === "first" ? names : [names[1], names[0]];
  const statement = script[preemption.held][preemption.before - 1]?.text ?? "";
  const ended = other === "blocked" ? "came to wait for it" : "ran to its end";
  return {
    kind: "interleaving",
    summary: `${held} was held before its statement ${preemption.before} while ${ran === held ? "another" : ran} ${ended}.`,
    preemption,
    statement,
    names,
    steps,
    diverged,
    found: index + 1,
    afterMs,
    schedules,
  };
}
