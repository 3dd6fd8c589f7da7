import {
  type CheckResult,
  type CounterInput,
  counter,
  type GuardInput,
  guard,
  type History,
  type Operation,
} from "@deadheat/oracle";
import { operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import { vanDerCorput } from "../../random.ts";
import { amountsOf, call } from "../call.ts";
import type { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import { setUp } from "../fixture.ts";
import { judge } from "../judge.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { readGauge, stillReads } from "../observe.ts";
import { learnRevoker, revocation, type TokenPair, tokenPair } from "../revocation.ts";
import { faultsIn, outcomeOf, readOf, slowDown } from "../round.ts";
import { sendTogether } from "../together.ts";
import { revocationControl } from "./revocation-control.ts";
import type { CallNote, LearnedScenario, Prepared, Trial } from "./scenario.ts";

export type GuardedCounterInput = GuardInput<CounterInput>;
type Output = number | string | undefined;

const AMOUNT = 5;
const REACH = 1.1;

/** A call under a token, and the revocation of that token on its way: nothing may show after the acknowledgement. */
export const revocationRace: LearnedScenario = {
  weakness: "revocation-race",
  learns: "behaviour",
  async prepare(context, { act, rivals }, behaviour) {
    const revoker = await learnRevoker(context, act, rivals ?? [], behaviour.fit.gauge);
    if ("status" in revoker) return revoker;
    return prepareRace(context, act, behaviour, revoker);
  },
};

type Revoker = Parameters<typeof operationName>[0] & Parameters<typeof compose>[0];

async function prepareRace(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  revoker: Revoker,
): Promise<Prepared | Unlearned> {
  const model = guard(counter());
  const control = await revocationControl(context, act, behaviour, revoker, model);
  if ("status" in control) return control;
  const trial = async (schedule: Schedule): Promise<Trial> => {
    const run = await race(context, act, behaviour, revoker, schedule);
    const history = historyOf(run, behaviour);
    const unjudged = unjudgedReason(run);
    return {
      schedule,
      release: run.release,
      history,
      calls: notesOf(run, act, behaviour, revoker),
      overlapped: overlaps(run),
      faults: faultsIn([run.call, run.revocation]),
      result: unjudged ? NOT_JUDGED : judgeRun(context, run, history, model),
      ...(unjudged === undefined ? {} : { unjudged }),
      ...slowDown([run.call, run.revocation]),
      summary:
        `${operationName(revoker)} was acknowledged and the state read back unchanged; then the effect of a call ` +
        "under the revoked token appeared.",
      confirm: () => stillReads(context, behaviour.fit.gauge, run.fixture, run.late, run.other),
      replaySerially: async () =>
        judge(context.clock, model, await serially(context, act, behaviour, revoker)),
    };
  };
  return {
    model: "guard:counter",
    controls: control.controls,
    visibilityMs: behaviour.visibilityMs,
    schedule: (index) => scheduleOf(context, behaviour, index),
    trial,
  };
}

/** The revocation's offset sweeps over the time that a call takes, and a little past its usual end. */
function scheduleOf(context: RaceContext, { latency }: Behaviour, index: number): Schedule {
  return {
    transport: context.transports[index % context.transports.length]?.name ?? "",
    requests: 2,
    amount: AMOUNT,
    tokens: 2,
    offsetMs: vanDerCorput(index) * latency.median * REACH,
  };
}

const NOT_JUDGED: CheckResult = { verdict: "unknown", stats: { configs: 0, ms: 0 } };

/**
 * The answer to the call proves nothing: a 200 may be undone. Only what the other token reads counts.
 * Where that shows a race and bears out the answer, the answer makes the witness that names the call.
 */
function judgeRun(
  context: RaceContext,
  run: Run,
  history: History<GuardedCounterInput, Output>,
  model: ReturnType<typeof guard<number, CounterInput, number | undefined>>,
): CheckResult {
  const doubtful = history.map((one) => (one.id === "r1" ? { ...one, outcome: "unknown" as const } : one));
  const byState = judge(context.clock, model, doubtful) as CheckResult;
  const change = Number(((run.late ?? 0) - (run.initial ?? 0)).toFixed(6));
  if (byState.verdict !== "race" || !succeeded(run.call) || change !== run.effect) return byState;
  const byAnswers = judge(context.clock, model, history) as CheckResult;
  return byAnswers.verdict === "race" ? byAnswers : byState;
}

interface Run {
  readonly fixture: Awaited<ReturnType<typeof setUp>>;
  readonly other: TokenPair["other"];
  readonly release: number;
  readonly effect: number;
  readonly call: Exchange;
  readonly revocation: Exchange;
  readonly initial?: number | undefined;
  /** Read after the revocation was acknowledged. */
  readonly early?: number | undefined;
  readonly earlyRead?: Exchange | undefined;
  /** Read after everything was answered. */
  readonly late?: number | undefined;
  readonly lateRead: Exchange;
}

async function race(
  context: RaceContext,
  act: Act,
  { fit, visibilityMs }: Behaviour,
  revoker: Revoker,
  { transport: name, amount, offsetMs }: Schedule,
): Promise<Run> {
  const pair = await tokenPair(context, act.scheme);
  const transport = context.transports.find((one) => one.name === name);
  if (!pair) throw new SetupFailed("no second token");
  if (!transport) throw new SetupFailed(`${name} is not spoken here`);
  const fixture = await setUp(context, act, pair.principal);
  const before = await readGauge(context, fit.gauge, fixture, pair.other);
  const amounts = amountsOf(act, amount);
  let early: ReturnType<typeof readGauge> | undefined;
  const burst = await sendTogether(
    context,
    transport,
    [
      { request: call(context, act, fixture, amounts), offsetMs: 0 },
      { request: revocation(revoker, pair.principal.token), offsetMs },
    ],
    (which, exchange) => {
      if (which === 1 && succeeded(exchange)) early = readGauge(context, fit.gauge, fixture, pair.other);
    },
  );
  const seen = await early;
  if (visibilityMs > 0) await context.clock.sleep(visibilityMs * 5, context.signal);
  const after = await readGauge(context, fit.gauge, fixture, pair.other);
  return {
    fixture,
    other: pair.other,
    release: burst.release,
    effect: fit.effectOf(amounts, before.value ?? 0),
    call: burst.exchanges[0] as Exchange,
    revocation: burst.exchanges[1] as Exchange,
    initial: before.value,
    early: seen?.value,
    earlyRead: seen?.exchange,
    late: after.value,
    lateRead: after.exchange,
  };
}

function unjudgedReason(run: Run): string | undefined {
  if (!succeeded(run.revocation))
    return `the revocation answered ${run.revocation.status ?? run.revocation.failure}`;
  if (run.initial === undefined || run.early === undefined || run.late === undefined)
    return "the state could not be read back with the other token";
  const early = Number((run.early - run.initial).toFixed(6));
  const late = Number((run.late - run.initial).toFixed(6));
  if (run.effect === 0) return "the call would have set the value that was there";
  if ([early, late].some((change) => change !== 0 && change !== run.effect))
    return "the value changed by what the call cannot have added: something else changes it too";
  // Acknowledged before the read was sent, and not shown by it: the read was stale.
  const acknowledged = succeeded(run.call) && (run.call.return ?? 0) < (run.earlyRead?.invoke ?? 0);
  if (acknowledged && early === 0 && late !== 0)
    return "a read did not show a write that was acknowledged before it";
  return undefined;
}

function historyOf(run: Run, { refusals }: Behaviour): History<GuardedCounterInput, Output> {
  const { initial = 0 } = run;
  const read: GuardedCounterInput = { type: "bypass", input: { type: "read" } };
  const change = (value: number) => Number((value - initial).toFixed(6));
  const called = { type: "call", token: "A", input: { type: "add", amount: run.effect } } as const;
  // A 401 after the revocation is a refusal: the control run saw that it changes nothing.
  const rejections = new Set([...refusals, 401, 403]);
  const history: Operation<GuardedCounterInput, Output>[] = [
    {
      ...timesOf(run.call),
      id: "r1",
      process: "c1",
      input: called,
      outcome: outcomeOf(run.call, rejections),
    },
    {
      ...timesOf(run.revocation),
      id: "r2",
      process: "c2",
      input: { type: "revoke", token: "A" },
      outcome: succeeded(run.revocation) ? "ok" : "unknown",
    },
  ];
  if (run.earlyRead && run.early !== undefined)
    history.push(readOf<GuardedCounterInput, Output>("read1", run.earlyRead, read, change(run.early)));
  if (run.late !== undefined)
    history.push(readOf<GuardedCounterInput, Output>("read2", run.lateRead, read, change(run.late)));
  return history;
}

function timesOf(exchange: Exchange) {
  return { invoke: exchange.invoke, ...(exchange.return === undefined ? {} : { return: exchange.return }) };
}

/** The call was still under way when the revocation was sent. */
function overlaps({ call: called, revocation }: Run): boolean {
  if (called.return === undefined || revocation.return === undefined) return false;
  return revocation.invoke < called.return && called.invoke < revocation.return;
}

function notesOf(run: Run, act: Act, { fit }: Behaviour, revoker: Revoker): Map<string, CallNote> {
  const status = (exchange: Exchange) => (exchange.status === undefined ? {} : { status: exchange.status });
  const reads = {
    operation: operationName(fit.gauge.observer),
    does: `read ${fit.gauge.pointer} with token B`,
  };
  return new Map<string, CallNote>([
    [
      "r1",
      {
        operation: operationName(act.operation),
        does: `${fit.does ?? `add ${run.effect}`} with token A`,
        ...status(run.call),
      },
    ],
    ["r2", { operation: operationName(revoker), does: "revoke token A", ...status(run.revocation) }],
    ["read1", { ...reads, ...(run.earlyRead ? status(run.earlyRead) : {}) }],
    ["read2", { ...reads, ...status(run.lateRead) }],
  ]);
}

/** The call, the revocation, a read, the call again, a read: one at a time. */
async function serially(context: RaceContext, act: Act, behaviour: Behaviour, revoker: Revoker) {
  const pair = await tokenPair(context, act.scheme);
  if (!pair) throw new SetupFailed("no second token");
  const fixture = await setUp(context, act, pair.principal);
  const { gauge } = behaviour.fit;
  const initial = (await readGauge(context, gauge, fixture, pair.other)).value ?? 0;
  const amounts = amountsOf(act, AMOUNT);
  const revoked = await context.session.send(revocation(revoker, pair.principal.token));
  const early = await readGauge(context, gauge, fixture, pair.other);
  const called = await context.session.send(call(context, act, fixture, amounts));
  const late = await readGauge(context, gauge, fixture, pair.other);
  const run: Run = {
    fixture,
    other: pair.other,
    release: called.invoke,
    effect: behaviour.fit.effectOf(amounts, initial),
    call: called,
    revocation: revoked,
    initial,
    early: early.value,
    earlyRead: early.exchange,
    late: late.value,
    lateRead: late.exchange,
  };
  return historyOf(run, behaviour).map((one) =>
    one.id === "r1" && !refused(called) ? { ...one, outcome: "unknown" as const } : one,
  );
}
