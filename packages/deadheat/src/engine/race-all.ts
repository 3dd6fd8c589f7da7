import { DeadheatError } from "../errors.ts";
import type { MeasuredEvidence, RuntimeEvidence } from "../findings/evidence.ts";
import type { RaceResult } from "../findings/finding.ts";
import type { Script } from "../plan/interleaving.ts";
import { operationName } from "../plan/operation.ts";
import type { Candidate, Plan } from "../plan/plan.ts";
import {
  type Behaviour,
  CHANGED_BY_ITSELF,
  isUnlearned,
  learn,
  measureParallelism,
  type Parallelism,
  type Prepared,
  type RaceContext,
  type RunOptions,
  runScenario,
  ScanStopped,
  type Scenario,
  scenarios,
  sideBySide,
  skipped,
  type Unlearned,
} from "../race/index.ts";
import type { ScanEvent } from "./events.ts";
import type { OnlyRace, ScanOptions } from "./options.ts";
import { Scenes } from "./scenes.ts";
import { Turns } from "./turns.ts";

export interface Raced {
  readonly candidate: Candidate;
  readonly result: RaceResult<RuntimeEvidence | MeasuredEvidence>;
  /** What both requests say to the database, each alone; absent where it was not in view. */
  readonly scripts?: readonly Script[];
}

type RaceOptions = Pick<
  ScanOptions,
  | "trials"
  | "timeLimitMs"
  | "only"
  | "weaknesses"
  | "operation"
  | "schedulesOnly"
  | "order"
  | "endsAt"
  | "these"
>;
type Emit = (event: ScanEvent) => void;

/** One operation at a time: each is learned once, and every scenario that its behaviour fits is raced. */
export async function raceAll(
  context: RaceContext,
  plan: Plan,
  options: RaceOptions,
  emit: Emit,
): Promise<Raced[]> {
  const candidates = plan.candidates.filter((one) => isWanted(one, options));
  assertPlanned(candidates, options);
  const raced: Raced[] = [];
  const planned = inOrder(context, candidates);
  const turns = new Turns();
  const rest = (ms: number) => turns.leave(() => context.clock.sleep(ms, context.signal));
  const scenes = new Scenes(turns, context);
  // Where the database is in view, what it answers to the set-up of a trial is part of what the trial shows.
  const besides = (): Partial<RaceContext> =>
    context.interleaver ? { rest } : { rest, aside: scenes.asideOf() };
  // Users that are few are everybody's: what one race waits for, another would change.
  const areFresh = [...context.credentials.values()].every(({ fresh }) => fresh);
  const lanes = areFresh ? LANES : 1;
  const groups = new Map(
    byOperation(candidates).flatMap((group) => {
      const memo = learnedOnce(context, group[0] as Candidate, turns);
      return group.map((one) => [one, memo] as const);
    }),
  );
  const races = planned.map((candidate, index): Race => {
    const { weakness, act } = candidate;
    const operation = operationName(act.operation);
    const { behaviour, measured } = groups.get(candidate) as LearnedOnce;
    const race = async (using: RaceContext, inTurn: boolean) => {
      emit({ type: "race-started", weakness, operation, index, of: candidates.length });
      let scripts: readonly Script[] | undefined;
      const onCaptured = (captured: readonly Script[]) => {
        scripts = captured;
      };
      const result = isOver(using, options)
        ? { outcome: skipped(weakness, candidate, OVER) }
        : await raceOne(
            using,
            candidate,
            () => behaviour(inTurn),
            () => measured(inTurn),
            options,
            emit,
            onCaptured,
          );
      raced[index] = { candidate, result, ...(scripts ? { scripts } : {}) };
      emit({ type: "race-ended", outcome: result.outcome, requests: context.budget.spent });
    };
    return { candidate, index, race };
  });
  // Side by side they would take each other's numbers.
  const own = (index: number): RaceContext => ({ ...context, random: context.randomOf(index) });
  const next = picking(
    context,
    races.filter(({ candidate }) => !waits(candidate.weakness)),
    options,
  );
  await sideBySide(
    races
      .filter(({ candidate }) => !waits(candidate.weakness))
      .map(() => () => {
        const { index, race } = next();
        return turns.take(() => race(lanes === 1 ? own(index) : { ...own(index), ...besides() }, true));
      }),
    lanes,
  );
  // A state that all users share may have been changed by the race next to it.
  for (const { index, race } of lanes > 1 ? races : [])
    if (raced[index]?.result.outcome.reason?.startsWith(CHANGED_BY_ITSELF))
      await turns.take(() => race(own(index), true));
  const late = races
    .filter(({ candidate }) => waits(candidate.weakness))
    .map(
      ({ index, race }) =>
        () =>
          race(own(index), false),
    );
  await sideBySide(late, WAITING_LANES);
  return raced;
}

const OVER = { status: "inconclusive", reason: "not raced: the time for all races was over" } as const;

function isOver({ clock }: RaceContext, { endsAt }: RaceOptions): boolean {
  return endsAt !== undefined && clock.now() >= endsAt;
}

interface Race {
  readonly candidate: Candidate;
  readonly index: number;
  readonly race: (using: RaceContext, inTurn: boolean) => Promise<void>;
}

/** What may end a token that was supplied comes last; the rest as the document has it. */
function inOrder(context: RaceContext, candidates: readonly Candidate[]): Candidate[] {
  const groups = byOperation(candidates);
  return groups.sort(([a], [b]) => Number(risksToken(context, a)) - Number(risksToken(context, b))).flat();
}

/** Whichever is wished for most when a lane is free: what has been found by then may have changed that. */
function picking(context: RaceContext, races: readonly Race[], { order }: RaceOptions): () => Race {
  const left = [...races];
  return () => {
    const rank = ({ candidate }: Race) =>
      Number(risksToken(context, candidate)) * 1e6 + (order?.(candidate) ?? 0);
    let best = 0;
    if (order)
      for (let at = 1; at < left.length; at++)
        if (rank(left[at] as Race) < rank(left[best] as Race)) best = at;
    return left.splice(best, 1)[0] as Race;
  };
}

/** `inTurn`: whoever asks has the turn, and has to leave it to whoever is measuring. */
type OnceMeasured<T> = (inTurn: boolean) => Promise<T>;

interface LearnedOnce {
  readonly behaviour: OnceMeasured<Behaviour | Unlearned>;
  readonly measured: OnceMeasured<Parallelism>;
}

/** What all races of one operation go by. Whoever waits for another one to learn it leaves the turn to that one. */
function learnedOnce(context: RaceContext, first: Candidate, turns: Turns): LearnedOnce {
  const behaviour = once(() => learnOnce(context, first), turns);
  const measured = once(async () => {
    const learned = await behaviour(false);
    if (isUnlearned(learned)) return { overlaps: false };
    return measureParallelism(context, learned.act, learned);
  }, turns);
  return { behaviour, measured };
}

/** Races under way at once; all but one of them wait to be confirmed. */
const LANES = 4;
/** Of races that mostly wait, so many at once. */
const WAITING_LANES = 3;

function waits(weakness: string): boolean {
  return scenarios.some((one) => one.weakness === weakness && one.learns === "behaviour" && one.waits);
}

/** Candidates of one operation under one scheme stand together: it is learned once for all of them. */
export function byOperation(candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.act.scheme} ${candidate.act.operation.id}`;
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  return [...groups.values()];
}

function isWanted(
  { weakness, act }: Candidate,
  { only, these, weaknesses, operation: wanted }: RaceOptions,
): boolean {
  const { method, path } = act.operation;
  const is = (one: OnlyRace) =>
    weakness === one.weakness && method === one.operation.method && path === one.operation.path;
  if (these && !these.some(is)) return false;
  if (weaknesses && !weaknesses.includes(weakness)) return false;
  if (wanted !== undefined && operationName(act.operation) !== wanted) return false;
  return !only || is(only);
}

function assertPlanned(candidates: readonly Candidate[], { only, operation }: RaceOptions): void {
  if (operation !== undefined && candidates.length === 0)
    throw new DeadheatError(
      "usage",
      `the document plans no race at ${operation}`,
      'Write it as in the document, method and path: "POST /profile/score".',
    );
  if (!only || candidates.length > 0) return;
  throw new DeadheatError(
    "witness-invalid",
    `the document plans no ${only.weakness} at ${operationName(only.operation)}`,
    "Give the document that the proof was made with: --document FILE.",
  );
}

function onlyWith(prepared: Prepared, { schedule }: OnlyRace): Prepared {
  if (!schedule) return prepared;
  const { interleaving, ...base } = schedule;
  if (!interleaving || !prepared.interleaved) return { ...prepared, schedule: () => schedule };
  return { ...prepared, interleaved: { ...prepared.interleaved, bases: [base] } };
}

/** Measured where it is asked for, and then no more. */
function once<T>(work: () => Promise<T>, turns: Turns): OnceMeasured<T> {
  let result: Promise<T> | undefined;
  let settled = false;
  return (inTurn) => {
    if (result) return settled || !inTurn ? result : turns.leave(() => result as Promise<T>);
    result = work().finally(() => {
      settled = true;
    });
    return result;
  };
}

async function raceOne(
  context: RaceContext,
  candidate: Candidate,
  behaviour: () => Promise<Behaviour | Unlearned>,
  parallelism: () => Promise<Parallelism>,
  options: RaceOptions,
  emit: Emit,
  onCaptured: (scripts: readonly Script[]) => void,
): Promise<Raced["result"]> {
  const { weakness } = candidate;
  const scenario = scenarios.find((one) => one.weakness === weakness);
  if (!scenario) return { outcome: skipped(weakness, candidate, NO_SCENARIO) };
  const operation = operationName(candidate.act.operation);
  const onTrial = (done: number, planned: number) =>
    emit({ type: "trial", weakness, operation, done, planned, requests: context.budget.spent });
  if (scenario.learns === "nothing") return scenario.measure(context, candidate, onTrial);
  const learned = scenario.learns === "behaviour" ? await behaviour() : undefined;
  const unlearned = learned && isUnlearned(learned) ? learned : undefined;
  if (
    unlearned &&
    !(scenario.learns === "behaviour" && scenario.unlearned && context.credentials.has(candidate.act.scheme))
  )
    return { outcome: skipped(weakness, candidate, unlearned) };
  const asLearned = learned && !isUnlearned(learned) ? { ...candidate, act: learned.act } : candidate;
  const prepare = async () => {
    const prepared = await preparedBy(context, scenario, asLearned, learned);
    return options.only && !("status" in prepared) ? onlyWith(prepared, options.only) : prepared;
  };
  return runScenario(context, scenario, asLearned, prepare, parallelism, {
    ...options,
    onTrial,
    schedules: {
      ...schedulesOf(weakness, operation, options, emit),
      onCaptured,
    },
    schedulesOnly: options.schedulesOnly === true || options.only?.schedule?.interleaving !== undefined,
  });
}

async function preparedBy(
  context: RaceContext,
  scenario: Exclude<Scenario, { readonly learns: "nothing" }>,
  candidate: Candidate,
  learned: Behaviour | Unlearned | undefined,
): Promise<Prepared | Unlearned> {
  if (scenario.learns === "itself") return scenario.prepare(context, candidate);
  if (!learned) throw new TypeError(`${scenario.weakness} learns what the operation does`);
  if (!isUnlearned(learned)) return scenario.prepare(context, candidate, learned);
  return scenario.unlearned ? scenario.unlearned(context, candidate, learned) : learned;
}

function schedulesOf(
  weakness: string,
  operation: string,
  { only, schedulesOnly }: RaceOptions,
  emit: Emit,
): NonNullable<RunOptions["schedules"]> {
  const preemption = only?.schedule?.interleaving;
  return {
    exhaustive: schedulesOnly === true,
    ...(preemption ? { only: preemption } : {}),
    onSchedule: (played) => emit({ type: "schedule", weakness, operation, played }),
  };
}

function risksToken(context: RaceContext, candidate: Candidate | undefined): boolean {
  if (!candidate?.act.mayEndToken) return false;
  return context.credentials.get(candidate.act.scheme)?.renewable === false;
}

const NO_SCENARIO = {
  status: "not-applicable",
  reason: "there is no scenario for it in this version",
} as const;

/** What an operation does one call at a time, or why that could not be learned. */
export async function learnOnce(context: RaceContext, { act }: Candidate): Promise<Behaviour | Unlearned> {
  if (context.credentials.has(act.scheme)) {
    try {
      return await learn(context, act);
    } catch (error) {
      if (!(error instanceof ScanStopped)) throw error;
      return { status: "inconclusive", reason: error.message };
    }
  }
  const reason =
    `no credential for ${act.scheme}; set DEADHEAT_TOKEN to a token of a user made for testing, ` +
    "or write how to sign in into deadheat.yaml";
  return { status: "inconclusive", reason };
}
