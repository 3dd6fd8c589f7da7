import type { Clock } from "../clock.ts";
import { DeadheatError } from "../errors.ts";
import { type Finding, findingId, type RaceOutcome, type RaceResult } from "../findings/finding.ts";
import type { Report } from "../findings/report.ts";
import { operationName } from "../plan/operation.ts";
import type { Candidate, Plan } from "../plan/plan.ts";
import {
  type Authorization,
  BudgetSpent,
  isUnlearned,
  learn,
  measureParallelism,
  type Parallelism,
  type RaceContext,
  runScenario,
  scenarios,
  skipped,
} from "../race/index.ts";
import { loadDocument, planDocument } from "../spec/index.ts";
import { version } from "../version.ts";
import type { ScanEvent } from "./events.ts";
import { prepareTarget } from "./prepare.ts";
import { eventStream } from "./stream.ts";

export interface ScanOptions {
  /** Path of an OpenAPI 3 document. */
  readonly document: string;
  /** Origin of the running API; default: the document's first server. */
  readonly target?: string;
  readonly authorization: Authorization;
  /** A bearer token of the user's; without it the scan makes principals of its own. */
  readonly token?: string;
  /** Operations that may be called although they may move money or send mail. */
  readonly optIn: readonly string[];
  /** Reproduces amounts, orders and offsets. */
  readonly seed: string;
  /** Keeps the names that this run makes apart from those of any other; letters and digits. */
  readonly nonce: string;
  readonly uuid: () => string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Trials a scenario, fixed in advance. */
  readonly trials: number;
  /** For the trials of one scenario at one operation, ms. */
  readonly timeLimitMs: number;
  /** For each request, ms. */
  readonly timeoutMs: number;
  /** Requests of the whole scan. */
  readonly requestLimit: number;
}

/** Scans a running API. The stream ends with `ended`, or throws DeadheatError. */
export function scan(options: ScanOptions): AsyncGenerator<ScanEvent> {
  return eventStream((emit) => run(options, emit));
}

type Emit = (event: ScanEvent) => void;

async function run(options: ScanOptions, emit: Emit): Promise<void> {
  const started = options.clock.now();
  const document = await loadDocument(options.document);
  const plan = planDocument(document, { optIn: options.optIn });
  const ms = options.clock.now() - started;
  const target = options.target ?? plan.server;
  if (target === undefined)
    throw new DeadheatError("usage", "no target", "Add --target URL: the document names no server.");
  const prepared = await prepareTarget(options, plan, target, (context) => {
    emit({
      type: "started",
      version,
      origin: context.target.origin,
      document: options.document,
      seed: options.seed,
    });
    const bearer = plan.operations.filter((one) => one.bearer.length > 0).length;
    emit({
      type: "spec",
      operations: plan.operations.length,
      bearer,
      candidates: plan.candidates.length,
      ms,
    });
    for (const { operation, reason } of plan.omitted)
      emit({ type: "remark", text: `${operationName(operation)} is left out: it ${reason}` });
  });
  try {
    emit({
      type: "probe",
      transports: prepared.context.transports.map((one) => one.label),
      credentials: prepared.notes,
      ms: prepared.ms,
    });
    const results = await raceAll(prepared.context, plan, options, emit);
    const report = reportOf(options, plan, prepared.context, results, options.clock.now() - started);
    for (const finding of report.findings) emit({ type: "finding", finding });
    emit({
      type: "ended",
      report,
      requests: prepared.context.budget.spent,
      ms: options.clock.now() - started,
    });
  } finally {
    await prepared.context.session.close();
  }
}

interface Raced {
  readonly candidate: Candidate;
  readonly result: RaceResult;
}

/** One operation at a time: each is learned once, and every scenario that its behaviour fits is raced. */
async function raceAll(context: RaceContext, plan: Plan, options: ScanOptions, emit: Emit): Promise<Raced[]> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of plan.candidates) {
    const key = `${candidate.act.scheme} ${candidate.act.operation.id}`;
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  const raced: Raced[] = [];
  let index = 0;
  // What may end a token that was supplied comes last.
  const endsLast = ([a]: Candidate[], [b]: Candidate[]) =>
    Number(risksToken(context, a)) - Number(risksToken(context, b));
  for (const candidates of [...groups.values()].sort(endsLast)) {
    const [first] = candidates;
    if (!first) continue;
    const behaviour = await learnOnce(context, first);
    let parallelism: Promise<Parallelism> | undefined;
    for (const candidate of candidates) {
      const { weakness } = candidate;
      const operation = operationName(candidate.act.operation);
      emit({ type: "race-started", weakness, operation, index: index++, of: plan.candidates.length });
      const scenario = scenarios.find((one) => one.weakness === weakness);
      const result: RaceResult =
        isUnlearned(behaviour) || !scenario
          ? { outcome: skipped(weakness, candidate, isUnlearned(behaviour) ? behaviour : NO_SCENARIO) }
          : await runScenario(
              context,
              scenario,
              candidate,
              behaviour,
              () => (parallelism ??= measureParallelism(context, candidate.act, behaviour)),
              {
                trials: options.trials,
                timeLimitMs: options.timeLimitMs,
                onTrial: (done, planned) =>
                  emit({ type: "trial", done, planned, requests: context.budget.spent }),
              },
            );
      raced.push({ candidate, result });
      emit({ type: "race-ended", outcome: result.outcome, requests: context.budget.spent });
    }
  }
  return raced;
}

function risksToken(context: RaceContext, candidate: Candidate | undefined): boolean {
  if (!candidate?.act.mayEndToken) return false;
  return context.credentials.get(candidate.act.scheme)?.fresh === false;
}

const NO_SCENARIO = {
  status: "not-applicable",
  reason: "there is no scenario for it in this version",
} as const;

async function learnOnce(context: RaceContext, { act }: Candidate) {
  if (context.credentials.has(act.scheme)) {
    try {
      return await learn(context, act);
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
      return { status: "inconclusive", reason: error.message } as const;
    }
  }
  const reason = `no credential for ${act.scheme}; set DEADHEAT_TOKEN to a token of a user made for testing`;
  return { status: "inconclusive", reason } as const;
}

function reportOf(
  options: ScanOptions,
  plan: Plan,
  context: RaceContext,
  raced: readonly Raced[],
  durationMs: number,
): Report {
  const { statement } = options.authorization;
  return {
    schema: "deadheat/scan/1",
    tool: { name: "deadheat", version },
    seed: options.seed,
    document: plan.document,
    target: { origin: context.target.origin, ...(statement ? { authorization: statement } : {}) },
    transports: context.transports.map((one) => one.name),
    findings: raced.flatMap(findingOf),
    outcomes: raced.map(({ result }): RaceOutcome => result.outcome),
    controls: [],
    grade: null,
    score: null,
    requests: context.budget.spent,
    durationMs: Math.round(durationMs),
  };
}

/** Spec and run-time evidence for the same weakness at the same operation are one finding. */
function findingOf({ candidate, result }: Raced): Finding[] {
  const { outcome, evidence } = result;
  if (!evidence) return [];
  const { location } = candidate.act.operation;
  return [
    {
      id: findingId(outcome.weakness, outcome.operation),
      weakness: outcome.weakness,
      operation: outcome.operation,
      status: "proven",
      severity: candidate.severity,
      evidence: [{ kind: "spec", location, reasons: candidate.reasons }, evidence],
    },
  ];
}
