import { DeadheatError } from "../errors.ts";
import type {
  Interleaver,
  Preemption,
  Realisation,
  Recording,
  ScheduleCounts,
  Script,
  SqlStatement,
} from "../plan/interleaving.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { shownByDatabase } from "./kept-here.ts";
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
    for (const preemption of await planned(interleaver, script, interleaved, tally, options)) {
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
): Promise<Preemption[]> {
  const preemptions: Preemption[] = [];
  for (const held of alike ? (["first"] as const) : (["first", "second"] as const)) {
    const plan = await interleaver.plan(script, held);
    preemptions.push(...plan.preemptions);
    tally.skipped += plan.skipped;
    for (const one of plan.uncovered) tally.uncovered.add(one);
    for (const one of plan.inside) tally.inside.add(one);
  }
  return only ? [only] : preemptions;
}

/** What is known of the requests before any schedule is tried. */
interface Captured {
  readonly script: Script;
  /** The trial in which the first request went first. */
  readonly trial: Trial;
  readonly before: Recording["results"];
  /** Of the reads of the state after that; absent where answers alone are judged. */
  readonly observed?: Recording;
}

/** What asks for much may be refused already alone: then as little as can be asked for. */
async function captureAllowed(
  context: RaceContext,
  interleaver: Interleaver,
  prepared: Prepared,
  base: Schedule,
  { alike, names }: Interleaved,
): Promise<Captured | string> {
  for (const amount of base.amount > LEAST ? [base.amount, LEAST] : [base.amount]) {
    const captured = await capture(context, interleaver, prepared, { ...base, amount }, alike);
    if (typeof captured === "string" || !isRefused(captured.trial, names)) return captured;
  }
  return "the requests are refused already one at a time";
}

const LEAST = 1;

function isRefused({ calls }: Trial, names: Interleaved["names"]): boolean {
  const requests = [...calls.values()].filter(({ operation }) => names.includes(operation));
  const refused = requests.filter(({ status = 0 }) => status >= 400 && status < 500);
  return requests.length > 0 && refused.length === requests.length;
}

/** Each request alone on a fresh set-up, the other after it; or why that says nothing. */
async function capture(
  context: RaceContext,
  interleaver: Interleaver,
  prepared: Prepared,
  base: Schedule,
  alike: boolean,
): Promise<Captured | string> {
  const alone = async (which: "first" | "second") => {
    const stage = interleaver.capture(which);
    const schedule = { ...base, interleaving: { held: which, before: 0 } };
    const trial = await attempt(prepared, schedule, stage).finally(() => stage.close());
    if (typeof trial === "string") return `the requests could not be captured: ${trial}`;
    if (trial.result.verdict === "race")
      return "the requests one after the other, each alone, also break the model";
    return { trial, statements: stage.captured(), before: stage.answersBefore() };
  };
  const first = await alone("first");
  if (typeof first === "string") return first;
  const { trial, before } = first;
  const observed = await observationOf(context, interleaver, trial);
  const second = alike ? first : await alone("second");
  if (typeof second === "string") return second;
  const script = {
    first: first.statements,
    second: second.statements,
    ...(observed ? { observation: observed.statements } : {}),
  };
  if (script.first.length + script.second.length === 0 && !interleaver.seen()) throw unseen();
  return { script, trial, before, ...(observed ? { observed } : {}) };
}

/** Whether what the schedules put in order is what is judged. */
async function noteWhereKept(
  interleaver: Interleaver,
  { script, trial, before, observed }: Captured,
  model: string,
  tally: ScheduleTally,
): Promise<void> {
  const kept = await interleaver.kept(script);
  if ("elsewhere" in kept) {
    tally.elsewhere.add(kept.elsewhere);
    return;
  }
  const { changes } = trial;
  const shared = new Set(script.first.map((one) => one.fingerprint));
  const shownBy = (readBy: ReadonlySet<string>) =>
    changes && observed
      ? shownByDatabase(changes, { before, after: observed.results, readBy, shared, summed: kept.summed })
      : "as it is";
  const shown = shownBy(kept.readByEither);
  if (shown === "not") tally.elsewhere.add(NOT_SHOWN);
  if (kept.undecided === undefined) return;
  // What is summed up of rows is added whatever else is there; a limit on them has to be looked at.
  const adds = shown === "as a sum" && model === ADDS;
  // What the requests look up is no token where it shows the state.
  const lookedAt = shownBy(new Set([...kept.readBy].filter((one) => shared.has(one)))) !== "not";
  if (!adds && !(changes && lookedAt)) tally.undecided.add(kept.undecided);
}

/** The oracle's name of a number that every call adds to. */
const ADDS = "counter";

const NOT_SHOWN =
  "what the state shows is not what the database answered: kept in memory, in a cache or in another store?";

/** `undefined` where no request is sent to read the state: answers alone are judged then. */
async function observationOf(
  { budget }: RaceContext,
  interleaver: Interleaver,
  trial: Trial,
): Promise<Recording | undefined> {
  const before = budget.spent;
  const recorded = await interleaver.record(async () => {
    await trial.confirm();
  });
  return budget.spent > before ? recorded : undefined;
}

/** An API that talks to its database directly would look clean in every schedule. */
export function unseen(): DeadheatError {
  return new DeadheatError(
    "database-unseen",
    "no connection came through the proxy: the API talks to its database directly",
    "Start the API with the address that deadheat printed in place of its database URL.",
  );
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

async function attempt(
  prepared: Prepared,
  schedule: Schedule,
  stage: Parameters<Prepared["trial"]>[1],
): Promise<Trial | string> {
  try {
    return await prepared.trial(schedule, stage);
  } catch (error) {
    if (error instanceof SetupFailed) return error.message;
    throw error;
  }
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
