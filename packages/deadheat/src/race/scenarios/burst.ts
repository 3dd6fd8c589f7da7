import type { CheckResult, History, Model, Operation } from "@deadheat/oracle";
import type { Stage } from "../../plan/interleaving.ts";
import { operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import { takesEffectApart } from "../apart.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { CONTROL_OPERATIONS, controlRun } from "../control.ts";
import { SetupFailed } from "../credentials/index.ts";
import type { Exchange } from "../exchange.ts";
import type { Fit } from "../families/index.ts";
import { type Fixture, setUp } from "../fixture.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { readGauge, shownAt, stillReads } from "../observe.ts";
import {
  callsOf,
  difference,
  faultsIn,
  notesOf,
  outcomeOf,
  overlapped,
  type Round,
  raceRound,
  readOf,
  serialRound,
  slowDown,
} from "../round.ts";
import { pairTransport } from "../together.ts";
import { turnOf } from "../transport/index.ts";
import { legitimateUse } from "./legitimate-use.ts";
import type { Interleaved, Prepared, Trial } from "./scenario.ts";

/** Two first: they give the smallest witness. */
const SIZES = [2, 10, 20, 5];
const MOST_AMOUNT = 9;
const PAIR_AMOUNT = 5;

/** What a scenario of equal calls and one final read has to say about itself. */
export interface BurstScenario<I> {
  // biome-ignore lint/suspicious/noExplicitAny: the state is the model's own affair
  readonly model: Model<any, I, number | undefined>;
  /** As `modelNamed` of the oracle knows it. */
  readonly modelName: string;
  /** That of a round before which calls were made one at a time. */
  readonly modelAfter?: (earlier: number) => string;
  /** Calls to be made one at a time before a round, so that two suffice to break the model. */
  readonly earlier?: number;
  /** The input of one call that adds `effect` to the gauge. */
  input(effect: number): I;
  readonly read: I;
  /** What every call of the control asks for, where all of them have to ask for the same. */
  readonly amount?: number;
  /** What the gauge's change means to the model, or `undefined` where it means nothing. */
  output(change: number, effect: number): number | undefined;
  /** Why the calls alone cannot have made this change, in whatever order: then something else did. */
  foreign(change: number, effect: number, round: Round): string | undefined;
  does(effect: number): string;
  judge(history: History<I, number | undefined>, round: Round): CheckResult<I, number | undefined>;
  summary(round: Round, effect: number): string;
  /** So many are allowed, and none after that. */
  readonly limited?: true;
  /** Effects that are missing are the proof: they must not be missing on objects that share nothing. */
  readonly losesEffects?: true;
}

/** Makes a burst scenario ready: first the control run, then trials on request. */
export async function prepareBurst<I>(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  scenario: BurstScenario<I>,
): Promise<Prepared | Unlearned> {
  const fits: Fit[] = [];
  let unfit: Unlearned | undefined;
  for (const fit of [behaviour.fit, ...behaviour.others]) {
    const failed = await sequentialControl(context, act, behaviour, fit, scenario);
    if (!failed) fits.push(fit);
    unfit ??= failed;
  }
  if (unfit && fits.length === 0) return unfit;
  let last: Fixture | undefined;
  const trial = async (schedule: Schedule, stage?: Stage): Promise<Trial> => {
    const transport = context.transports.find((one) => one.name === schedule.transport);
    if (!transport) throw new SetupFailed(`${schedule.transport} is not spoken here`);
    const seen = await raceRound(context, act, behaviour, fits, schedule, transport, stage);
    last = seen[0]?.fixture;
    const { round, ...judged } = worst(
      seen.map((one) => ({ round: one, ...judgeRound(behaviour, scenario, one) })),
    );
    return {
      schedule,
      ...(round.earlier > 0 && scenario.modelAfter ? { model: scenario.modelAfter(round.earlier) } : {}),
      release: round.release,
      ...judged,
      calls: notes(act, scenario, round, judged.history),
      overlapped: overlapped(round.exchanges, round.release),
      faults: faultsIn(round.exchanges),
      summary: `${sentence(schedule)}: ${scenario.summary(round, effectOf(round))}`,
      changes: [
        {
          before: shownAt(round.fit.gauge, round.firstRead),
          after: shownAt(round.fit.gauge, round.finalRead),
        },
      ],
      ...slowDown(round.exchanges),
      ...(scenario.losesEffects && context.credentials.get(act.scheme)?.fresh !== false
        ? {
            takesEffectApart: () =>
              takesEffectApart(context, act, round.fit, schedule, transport, behaviour.visibilityMs),
          }
        : {}),
      ...(scenario.limited ? { useUp: () => usedUp(context, act, behaviour, round.fit, schedule) } : {}),
      confirm: () => stillReads(context, round.fit.gauge, round.fixture, round.final),
      replaySerially: async () => {
        const [serial] = await serialRound(context, act, behaviour, [round.fit], schedule);
        return serial ? judgeRound(behaviour, scenario, serial).result : NOT_JUDGED;
      },
    };
  };
  const secondToken = context.credentials.get(act.scheme)?.secondToken === true;
  return {
    model: scenario.modelName,
    controls: [`${CONTROL_OPERATIONS} random operations one at a time fit ${scenario.model.name}`],
    visibilityMs: behaviour.visibilityMs,
    ...(scenario.limited ? { limited: true } : {}),
    schedule: (index) => scheduleOf(context, index, secondToken, scenario.earlier),
    afterwards: async () => (last ? legitimateUse(context, last, behaviour.fit.gauge.observer) : []),
    trial,
    interleaved: interleavedOf(context, act, secondToken, scenario.earlier),
  };
}

/** Uses an object up, and tells whether one more use of it changes anything. */
async function usedUp(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  fit: Fit,
  schedule: Schedule,
): Promise<() => Promise<boolean>> {
  const [serial] = await serialRound(context, act, behaviour, [fit], schedule);
  if (serial?.final === undefined) throw new SetupFailed("what was used up could not be read");
  const { fixture, amounts, final } = serial;
  return async () => {
    await context.session.send(call(context, act, fixture, amounts));
    await context.clock.sleep(5 * behaviour.visibilityMs, context.signal);
    return (await stillReads(context, fit.gauge, fixture, final)) === "same";
  };
}

/** Two equal requests; under two tokens as well, since a lock on the token's row holds up one of them only. */
function interleavedOf(context: RaceContext, act: Act, secondToken: boolean, earlier = 0): Interleaved {
  const name = operationName(act.operation);
  const base = {
    transport: pairTransport(context),
    requests: 2,
    amount: PAIR_AMOUNT,
    offsetMs: 0,
    ...(earlier > 0 ? { earlier } : {}),
  };
  const tokens = secondToken ? [1, 2] : [1];
  return { bases: tokens.map((count) => ({ ...base, tokens: count })), alike: true, names: [name, name] };
}

/**
 * Sizes change fastest, then the number of tokens, then the transport. Calls are made before where fewer would break
 * nothing, and in every other turn of a transport.
 */
export function scheduleOf(context: RaceContext, index: number, secondToken: boolean, earlier = 0): Schedule {
  const cycle = Math.floor(index / SIZES.length);
  const { transport, nth = 0 } = turnOf(context.transports, cycle) ?? {};
  const half = Math.floor((2 * index) / SIZES.length);
  // The other half of the sizes takes its turn when the same transport has its next one.
  const turn = half + nth;
  const requests = SIZES[index % SIZES.length] ?? 2;
  return {
    transport: transport?.name ?? "",
    requests,
    ...(earlier > 0 && (requests <= earlier + 1 || nth % 2 === 0) ? { earlier } : {}),
    amount: context.randomOf(index).integer(1, MOST_AMOUNT),
    tokens: secondToken && turn % 2 === 1 ? 2 : 1,
    offsetMs: 0,
  };
}

function sentence({ requests, tokens }: Schedule): string {
  return `${requests} concurrent requests, ${tokens === 1 ? "one token" : `${tokens} tokens of one principal`}`;
}

function effectOf({ fit, amounts, initial = 0 }: Round): number {
  return fit.effectOf(amounts, initial);
}

/** The gauge that shows most: a race, else one that could not be judged. */
function worst<J extends { readonly result: CheckResult }>(judged: readonly J[]): J {
  const by = (verdict: CheckResult["verdict"]) => judged.find((one) => one.result.verdict === verdict);
  return by("race") ?? by("unknown") ?? (judged[0] as J);
}

function judgeRound<I>(behaviour: Behaviour, scenario: BurstScenario<I>, round: Round) {
  const effect = effectOf(round);
  const calls: Operation<I, number | undefined>[] = callsOf(round.exchanges, behaviour.refusals, () =>
    scenario.input(effect),
  );
  const change = difference(round);
  const output = change === undefined ? undefined : scenario.output(change, effect);
  if (output === undefined)
    return { history: calls, result: NOT_JUDGED, unjudged: "the state could not be read back" };
  const foreign = change === undefined ? undefined : scenario.foreign(change, effect, round);
  if (foreign) return { history: calls, result: NOT_JUDGED, unjudged: foreign };
  const history = [...calls, readOf("read", round.finalRead, scenario.read, output)];
  return { history, result: scenario.judge(history, round) as CheckResult };
}

const NOT_JUDGED: CheckResult = { verdict: "unknown", stats: { configs: 0, ms: 0 } };

function notes<I>(act: Act, scenario: BurstScenario<I>, round: Round, history: History<unknown, unknown>) {
  const read = history.some((one) => one.id === "read") ? round.finalRead : undefined;
  return notesOf(act, round.fit.gauge, round.exchanges, scenario.does(effectOf(round)), read);
}

/** Random calls and reads, one at a time, from a fresh set-up. */
async function sequentialControl<I>(
  context: RaceContext,
  act: Act,
  { visibilityMs, refusals }: Behaviour,
  fit: Fit,
  scenario: BurstScenario<I>,
): Promise<Unlearned | undefined> {
  const fixture = await setUp(context, act);
  const initial = (await readGauge(context, fit.gauge, fixture)).value;
  if (initial === undefined) return { status: "inconclusive", reason: "the state could not be read back" };
  let unread = false;
  const operation = async (index: number): Promise<Operation<I, number | undefined>> => {
    // Every fourth is a call whatever the seed says: a control without calls would explain nothing.
    if (index % 4 === 0 || (index % 2 === 0 && context.random.next() < 0.7)) {
      const amounts = amountsOf(act, scenario.amount ?? context.random.integer(1, MOST_AMOUNT));
      unread = true;
      const exchange = await context.session.send(call(context, act, fixture, amounts));
      return step(
        index,
        exchange,
        scenario.input(fit.effectOf(amounts, initial)),
        outcomeOf(exchange, refusals),
      );
    }
    if (visibilityMs > 0 && unread) await context.clock.sleep(visibilityMs * 5, context.signal);
    unread = false;
    const { exchange, value } = await readGauge(context, fit.gauge, fixture);
    const unit = fit.effectOf(amountsOf(act, scenario.amount ?? 1), initial);
    const output =
      value === undefined ? undefined : scenario.output(Number((value - initial).toFixed(6)), unit);
    return { ...step(index, exchange, scenario.read, output === undefined ? "unknown" : "ok"), output };
  };
  return controlRun(context, scenario.model, operation);
}

function step<I>(index: number, exchange: Exchange, input: I, outcome: Operation<I, never>["outcome"]) {
  return {
    id: `s${index + 1}`,
    process: "control",
    invoke: exchange.invoke,
    return: exchange.return ?? exchange.invoke,
    input,
    outcome,
  };
}
