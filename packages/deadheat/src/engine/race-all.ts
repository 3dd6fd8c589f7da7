import { DeadheatError } from "../errors.ts";
import type { MeasuredEvidence, RuntimeEvidence } from "../findings/evidence.ts";
import type { RaceResult } from "../findings/finding.ts";
import { operationName } from "../plan/operation.ts";
import type { Candidate, Plan } from "../plan/plan.ts";
import {
  type Behaviour,
  isUnlearned,
  learn,
  measureParallelism,
  type Parallelism,
  type Prepared,
  type RaceContext,
  runScenario,
  ScanStopped,
  scenarios,
  skipped,
  type Unlearned,
} from "../race/index.ts";
import type { ScanEvent } from "./events.ts";
import type { OnlyRace, ScanOptions } from "./options.ts";

export interface Raced {
  readonly candidate: Candidate;
  readonly result: RaceResult<RuntimeEvidence | MeasuredEvidence>;
}

type RaceOptions = Pick<ScanOptions, "trials" | "timeLimitMs" | "only" | "weaknesses">;
type Emit = (event: ScanEvent) => void;

/** One operation at a time: each is learned once, and every scenario that its behaviour fits is raced. */
export async function raceAll(
  context: RaceContext,
  plan: Plan,
  options: RaceOptions,
  emit: Emit,
): Promise<Raced[]> {
  const candidates = plan.candidates.filter((one) => isWanted(one, options));
  assertPlanned(candidates, options.only);
  const raced: Raced[] = [];
  // What may end a token that was supplied comes last.
  const endsLast = ([a]: Candidate[], [b]: Candidate[]) =>
    Number(risksToken(context, a)) - Number(risksToken(context, b));
  for (const group of byOperation(candidates).sort(endsLast)) {
    const [first] = group;
    if (!first) continue;
    const behaviour = once(() => learnOnce(context, first));
    const measured = once(async () => {
      const learned = await behaviour();
      if (isUnlearned(learned)) return { factor: 0, overlaps: false };
      return measureParallelism(context, learned.act, learned);
    });
    for (const candidate of group) {
      const { weakness, act } = candidate;
      const operation = operationName(act.operation);
      emit({ type: "race-started", weakness, operation, index: raced.length, of: candidates.length });
      const result = await raceOne(context, candidate, behaviour, measured, options, emit);
      raced.push({ candidate, result });
      emit({ type: "race-ended", outcome: result.outcome, requests: context.budget.spent });
    }
  }
  return raced;
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

function isWanted({ weakness, act }: Candidate, { only, weaknesses }: RaceOptions): boolean {
  if (weaknesses && !weaknesses.includes(weakness)) return false;
  if (!only) return true;
  const { method, path } = act.operation;
  return weakness === only.weakness && method === only.operation.method && path === only.operation.path;
}

function assertPlanned(candidates: readonly Candidate[], only: OnlyRace | undefined): void {
  if (!only || candidates.length > 0) return;
  throw new DeadheatError(
    "witness-invalid",
    `the document plans no ${only.weakness} at ${operationName(only.operation)}`,
    "Give the document that the proof was made with: --document FILE.",
  );
}

function onlyWith(prepared: Prepared, { schedule }: OnlyRace): Prepared {
  return schedule ? { ...prepared, schedule: () => schedule } : prepared;
}

/** Measured where it is asked for, and then no more. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
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
): Promise<Raced["result"]> {
  const { weakness } = candidate;
  const scenario = scenarios.find((one) => one.weakness === weakness);
  if (!scenario) return { outcome: skipped(weakness, candidate, NO_SCENARIO) };
  const onTrial = (done: number, planned: number) =>
    emit({ type: "trial", done, planned, requests: context.budget.spent });
  if (scenario.learns === "nothing") return scenario.measure(context, candidate, onTrial);
  const learned = scenario.learns === "behaviour" ? await behaviour() : undefined;
  if (learned && isUnlearned(learned)) return { outcome: skipped(weakness, candidate, learned) };
  const asLearned = { ...candidate, act: learned?.act ?? candidate.act };
  const prepare = async () => {
    const prepared =
      scenario.learns === "itself"
        ? await scenario.prepare(context, candidate)
        : await scenario.prepare(context, asLearned, learned as Behaviour);
    return options.only && !("status" in prepared) ? onlyWith(prepared, options.only) : prepared;
  };
  return runScenario(context, scenario, asLearned, prepare, parallelism, {
    ...options,
    onTrial,
  });
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
