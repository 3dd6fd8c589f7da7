import type { InterleavingEvidence } from "../findings/evidence.ts";
import type { ScheduleCounts } from "../plan/interleaving.ts";
import type { ExploredDeadlock, ExploredRace } from "./explore.ts";
import type { Interleaved } from "./scenarios/index.ts";

type Explored = Pick<ExploredRace, "realisation" | "script" | "index" | "afterMs">;

/** The order of statements that produced a race, for reports. */
export function interleavingEvidence(
  explored: Explored,
  { names }: Interleaved,
  schedules: ScheduleCounts,
): InterleavingEvidence {
  const { preemption, other } = explored.realisation;
  const [held, ran] = lanes(explored, names);
  const ended = other === "blocked" ? "came to wait for it" : "ran to its end";
  const summary = `${held} was held before its statement ${preemption.before} while ${ran} ${ended}.`;
  return evidenceOf(explored, names, schedules, summary);
}

/** The order of statements in which the two waited for each other. */
export function deadlockEvidence(
  explored: ExploredDeadlock,
  { names }: Interleaved,
  schedules: ScheduleCounts,
): InterleavingEvidence {
  const [held, ran] = lanes(explored, names);
  const { before } = explored.realisation.preemption;
  const summary =
    `${held}, held before its statement ${before}, and ${ran} came to wait for each other's locks: PostgreSQL ended ` +
    "one of them (40P01), and its client was answered 5xx; both times.";
  return evidenceOf(explored, names, schedules, summary);
}

function lanes({ realisation }: Explored, names: Interleaved["names"]): [string, string] {
  const [held, ran] = realisation.preemption.held === "first" ? names : [names[1], names[0]];
  return [held, ran === held ? "another" : ran];
}

function evidenceOf(
  { realisation, script, index, afterMs }: Explored,
  names: Interleaved["names"],
  schedules: ScheduleCounts,
  summary: string,
): InterleavingEvidence {
  const { preemption, steps, diverged } = realisation;
  const statement = script[preemption.held][preemption.before - 1]?.text ?? "";
  return {
    kind: "interleaving",
    summary,
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
