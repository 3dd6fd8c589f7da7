import type {
  Interleaver,
  PlannedSchedules,
  Preemption,
  Realisation,
  ScheduleCounts,
  Script,
  SqlStatement,
} from "../plan/interleaving.ts";
import type { Schedule } from "../plan/schedule.ts";
import { attempt, captureAllowed, noteWhereKept } from "./capture-pair.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { keptOut } from "./kept-out.ts";
import type { Interleaved, Prepared, Trial } from "./scenarios/index.ts";
import { DEADLOCK, ScheduleTally } from "./schedule-tally.ts";

/** What trying all schedules with one preemption has shown. */
export interface Exploration {
  readonly counts: ScheduleCounts;
  /** Of each base, both requests alone. */
  readonly scripts: readonly Script[];
  readonly race?: ExploredRace;
  readonly deadlock?: ExploredDeadlock;
}

/** A schedule in which the two waited for each other, both times, and the API told the loser's client of a fault. */
export type ExploredDeadlock = Pick<ExploredRace, "realisation" | "script" | "index" | "afterMs">;

/** A realised schedule whose history no order explains. */
export interface ExploredRace {
  readonly trial: Trial;
  readonly realisation: Realisation;
  readonly script: Script;
  /** How many schedules were tried before it. */
  readonly index: number;
  /** From the beginning of the exploration, captures among it, ms. */
  readonly afterMs: number;
  /** Plays the same schedule whenever a trial is asked for. */
  readonly prepared: Prepared;
}

/** One schedule, as it was played. */
export interface PlayedSchedule {
  readonly names: readonly [string, string];
  readonly held: SqlStatement;
  readonly realisation: Realisation;
  readonly verdict: "race" | "clean" | "not judged";
}

export interface ExploreOptions {
  /** Monotonic ms. */
  readonly end: number;
  /** All schedules although one has shown the race already. */
  readonly exhaustive?: boolean;
  /** Only this one, for each base. */
  readonly only?: Preemption;
  readonly onSchedule?: (played: PlayedSchedule) => void;
}

/** Plays a pair under every schedule with one preemption, in the order of the statements (DESIGN §8). */
export async function explore(
  context: RaceContext,
  interleaver: Interleaver,
  prepared: Prepared,
  interleaved: Interleaved,
  options: ExploreOptions,
): Promise<Exploration> {
  const started = context.clock.now();
  const tally = new ScheduleTally();
  const scripts: Script[] = [];
  let race: ExploredRace | undefined;
  let deadlock: ExploredDeadlock | undefined;
  let later = false;
  for (const base of interleaved.bases) {
    if (race && !options.exhaustive) break;
    const captured = await captureAllowed(context, interleaver, prepared, base, interleaved);
    if (typeof captured === "string") {
      tally.uncovered.add(captured);
      continue;
    }
    const { script } = captured;
    const { schedule: asked } = captured.trial;
    scripts.push(script);
    await noteWhereKept(interleaver, captured, prepared.model, tally);
    const plan = await planned(interleaver, script, interleaved, tally, options);
    const realisations: Realisation[] = [];
    for (const preemption of plan.preemptions) {
      context.signal.throwIfAborted();
      tally.planned++;
      if (race && !options.exhaustive) continue;
      if (tally.hopeless || context.clock.now() > options.end) {
        tally.unrealised(tally.hopeless ?? "the time limit was reached");
        continue;
      }
      const schedule = { ...base, amount: asked.amount, interleaving: preemption };
      later = race !== undefined;
      const played = await play(interleaver, prepared, schedule, preemption, script);
      const held = script[preemption.held][preemption.before - 1];
      tally.note(played);
      realisations.push(played.realisation);
      if (held) options.onSchedule?.({ names: interleaved.names, held, ...played });
      if (played.trial && played.verdict === "race")
        race ??= {
          trial: played.trial,
          realisation: played.realisation,
          script,
          index: tally.planned - 1,
          afterMs: Math.round(context.clock.now() - started),
          prepared: under(interleaver, prepared, preemption, script),
        };
      if (!deadlock && endsInDeadlock(played)) {
        const { realisation } = played;
        const afterMs = Math.round(context.clock.now() - started);
        if (endsInDeadlock(await play(interleaver, prepared, schedule, preemption, script)))
          deadlock = { realisation, script, index: tally.planned - 1, afterMs };
      }
    }
    const found = ({ held, before }: Preemption) =>
      realisations.find(({ preemption: one }) => one.held === held && one.before === before);
    const out = keptOut(plan.lockable, script, found);
    for (const words of plan.inside) if (!out.has(words)) tally.inside.add(words);
  }
  if (race && later) race = await playedLast(race);
  return {
    counts: tally.counts(),
    scripts,
    ...(race ? { race } : {}),
    ...(deadlock ? { deadlock } : {}),
  };
}

/** Where there is one object for all trials, those after it have changed what the proof read. */
async function playedLast(race: ExploredRace): Promise<ExploredRace> {
  try {
    const trial = await race.prepared.trial(race.trial.schedule);
    return trial.result.verdict === "race" ? { ...race, trial } : race;
  } catch (error) {
    if (error instanceof SetupFailed) return race;
    throw error;
  }
}

/** One that the API tries again is nobody's concern: only where an answer was a 5xx. */
function endsInDeadlock({ realisation, trial }: Played): boolean {
  return (trial?.faults.faults ?? 0) > 0 && realisation.steps.some(({ error }) => error === DEADLOCK);
}

async function planned(
  interleaver: Interleaver,
  script: Script,
  { alike }: Interleaved,
  tally: ScheduleTally,
  { only }: ExploreOptions,
): Promise<Pick<PlannedSchedules, "preemptions" | "inside" | "lockable">> {
  const lanes = alike ? (["first"] as const) : (["first", "second"] as const);
  const plans = await Promise.all(lanes.map((held) => interleaver.plan(script, held)));
  for (const { skipped, uncovered } of plans) {
    tally.skipped += skipped;
    for (const one of uncovered) tally.uncovered.add(one);
  }
  return {
    preemptions: only ? [only] : plans.flatMap((one) => one.preemptions),
    inside: plans.flatMap((one) => one.inside),
    lockable: plans.flatMap((one) => one.lockable),
  };
}

interface Played {
  readonly realisation: Realisation;
  readonly verdict: PlayedSchedule["verdict"];
  readonly trial?: Trial;
}

async function play(
  interleaver: Interleaver,
  prepared: Prepared,
  schedule: Schedule,
  preemption: Preemption,
  script: Script,
): Promise<Played> {
  const stage = interleaver.schedule(preemption, script);
  const trial = await attempt(prepared, schedule, stage);
  const failed = (reason: string): Played => ({
    realisation: {
      steps: [],
      diverged: [],
      preemption,
      ...stage.realisation(),
      realised: false,
      reason,
    },
    verdict: "not judged",
  });
  if (typeof trial === "string") return failed(trial);
  const realisation = stage.realisation();
  if (!realisation?.realised) return failed(realisation?.reason ?? "the requests were not played");
  // Realised and not judged shows nothing either.
  if (trial.unjudged !== undefined || trial.result.verdict === "unknown")
    return failed(trial.unjudged ?? "the oracle's budget ended");
  return { realisation, trial, verdict: trial.result.verdict === "race" ? "race" : "clean" };
}

function under(
  interleaver: Interleaver,
  prepared: Prepared,
  preemption: Preemption,
  script: Script,
): Prepared {
  return {
    ...prepared,
    trial: (schedule) => prepared.trial(schedule, interleaver.schedule(preemption, script)),
  };
}
