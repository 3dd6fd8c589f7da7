import type { Stage } from "../../plan/interleaving.ts";
import type { Act } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import { aside } from "../aside.ts";
import type { Authority, AuthorityCase } from "../authority.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import type { Fixture } from "../fixture.ts";
import type { Behaviour } from "../learn.ts";
import { readGauge } from "../observe.ts";
import { holdBack, sendStaged, sendTogether } from "../together.ts";
import type { Token } from "../token.ts";
import { sendAcross } from "./across-end.ts";

/** A call and the end of its authority, with what was read in between and afterwards. */
export interface AuthorityRun {
  readonly fixture: Fixture;
  readonly readsAfter: Token;
  /** Monotonic ms. */
  readonly release: number;
  /** What the call adds where it takes effect. */
  readonly effect: number;
  readonly call: Exchange;
  /** The same call beside it, under the same token. */
  readonly others?: readonly Exchange[];
  readonly end: Exchange;
  readonly initial?: number | undefined;
  /** Read after the end was acknowledged. */
  readonly early?: number | undefined;
  readonly earlyRead?: Exchange | undefined;
  /** Read after everything was answered. */
  readonly late?: number | undefined;
  readonly lateRead: Exchange;
}

export interface Sent {
  readonly release: number;
  readonly call: Exchange;
  readonly others?: readonly Exchange[];
  readonly end: Exchange;
  readonly early?: Awaited<ReturnType<typeof readGauge>> | undefined;
}

export async function runAgainst(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  authority: Authority,
  schedule: Schedule,
  stage?: Stage,
): Promise<AuthorityRun> {
  return observed(context, act, behaviour, authority, schedule, (one, amounts) =>
    stage
      ? sendStagedPair(context, act, behaviour, one, amounts, schedule, stage)
      : schedule.held
        ? sendHeld(context, act, behaviour, one, amounts, schedule)
        : sendOffset(context, act, behaviour, one, amounts, schedule),
  );
}

/** The end, a read, the call, a read: one at a time. */
export async function runSerially(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  authority: Authority,
  schedule: Schedule,
): Promise<AuthorityRun> {
  return observed(context, act, behaviour, authority, schedule, async (one, amounts) => {
    const end = await ended(context, one.end);
    const early = await readGauge(context, behaviour.fit.gauge, one.fixture, await readerOf(one));
    const called = await context.session.send(call(context, act, one.fixture, amounts, one.actor));
    return { release: called.invoke, call: called, end, early };
  });
}

async function observed(
  context: RaceContext,
  act: Act,
  { fit, visibilityMs }: Behaviour,
  authority: Authority,
  { amount }: Schedule,
  send: (one: AuthorityCase, amounts: Readonly<Record<string, number>>) => Promise<Sent>,
): Promise<AuthorityRun> {
  const one = await aside(context, () => authority.begin());
  const { fixture, readsBefore } = one;
  const before = await readGauge(context, fit.gauge, fixture, readsBefore);
  const amounts = amountsOf(act, amount);
  const { early, ...sent } = await send(one, amounts);
  if (visibilityMs > 0) await context.clock.sleep(visibilityMs * 5, context.signal);
  const reader = await readerOf(one);
  const after = await readGauge(context, fit.gauge, fixture, reader);
  return {
    fixture,
    readsAfter: reader,
    effect: fit.effectOf(amounts, before.value ?? 0),
    ...sent,
    initial: before.value,
    early: early?.value,
    earlyRead: early?.exchange,
    late: after.value,
    lateRead: after.exchange,
  };
}

/** An end that takes longer than this waits for the body that is held back, ms; or ten times as long as a call. */
const PATIENCE_MS = 1000;

/**
 * All but the last byte of the call, the end and its acknowledgement, a read, the last byte. Where the end itself
 * waits for the call (its lock is held, or the only worker), the byte leaves without it.
 */
async function sendHeld(
  context: RaceContext,
  act: Act,
  { fit, visibilityMs, latency }: Behaviour,
  one: AuthorityCase,
  amounts: Readonly<Record<string, number>>,
  schedule: Schedule,
): Promise<Sent> {
  const { fixture, actor, end } = one;
  const transport = transportNamed(context, schedule);
  const held = await holdBack(context, transport, call(context, act, fixture, amounts, actor));
  const late = "from" in end && context.clock.now() > end.from;
  try {
    const ending = ended(context, end);
    const waits =
      !("at" in end) && !(await within(context, ending, Math.max(PATIENCE_MS, 10 * latency.median)));
    let release = context.clock.now();
    if (waits) held.release();
    const over = await ending;
    if (visibilityMs > 0) await context.clock.sleep(visibilityMs * 5, context.signal);
    const early = await readGauge(context, fit.gauge, fixture, await readerOf(one));
    if (!waits) {
      release = context.clock.now();
      held.release();
    }
    const called = await held.done;
    // It shows nothing of the end where it may have come after it as a whole.
    if (late && refused(called)) throw new SetupFailed("the token may have ended before the call was sent");
    return { release, call: called, end: over, early };
  } finally {
    held.close();
  }
}

/** The statements of both in an order; the read follows the end's acknowledgement, whatever the call is at by then. */
async function sendStagedPair(
  context: RaceContext,
  act: Act,
  { fit }: Behaviour,
  one: AuthorityCase,
  amounts: Readonly<Record<string, number>>,
  schedule: Schedule,
  stage: Stage,
): Promise<Sent> {
  const { fixture, actor, end } = one;
  if ("at" in end) throw new SetupFailed("what ends by itself sends no statement");
  let early: Awaited<ReturnType<typeof readGauge>> | undefined;
  const { exchanges, release } = await sendStaged(
    context,
    transportNamed(context, schedule),
    [call(context, act, fixture, amounts, actor), end],
    stage,
    async () => {
      early = await readGauge(context, fit.gauge, fixture, await readerOf(one));
    },
  );
  const [called, over] = exchanges as [Exchange, Exchange];
  return { release, call: called, end: over, early };
}

async function within(context: RaceContext, work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const done = new AbortController();
  const late = context.clock.sleep(limitMs, done.signal).then(
    () => false,
    () => true,
  );
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    done.abort();
  }
}

/** The call, and the end so much later; a read as soon as the end is acknowledged. */
async function sendOffset(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  one: AuthorityCase,
  amounts: Readonly<Record<string, number>>,
  schedule: Schedule,
): Promise<Sent> {
  const { fixture, actor, end } = one;
  if ("at" in end)
    return sendAcross(
      context,
      act,
      behaviour,
      { ...one, end },
      amounts,
      schedule,
      transportNamed(context, schedule),
    );
  const { gauge } = behaviour.fit;
  if (end.origin !== undefined) {
    const request = { request: call(context, act, fixture, amounts, actor), offsetMs: 0 };
    const sent = sendTogether(context, transportNamed(context, schedule), [request]);
    // What waits for it below may fail first.
    sent.catch(() => {});
    await context.clock.sleep(schedule.offsetMs, context.signal);
    const over = await ended(context, end);
    const seen = await readGauge(context, gauge, fixture, await readerOf(one));
    const { exchanges, release } = await sent;
    return { release, call: exchanges[0] as Exchange, end: over, early: seen };
  }
  let early: ReturnType<typeof readGauge> | undefined;
  const { exchanges, release } = await sendTogether(
    context,
    transportNamed(context, schedule),
    [
      { request: call(context, act, fixture, amounts, actor), offsetMs: 0 },
      { request: end, offsetMs: schedule.offsetMs },
    ],
    (which, exchange) => {
      if (which !== 1 || !succeeded(exchange)) return;
      early = readerOf(one).then((reader) => readGauge(context, gauge, fixture, reader));
      // It may fail before the call is answered, while nobody waits for it.
      early.catch(() => {});
    },
  );
  const [called, over] = exchanges as [Exchange, Exchange];
  return { release, call: called, end: over, early: await early };
}

/** Asked for when it is needed: before the end there may be no such token. */
export async function readerOf({ readsAfter }: AuthorityCase): Promise<Token> {
  return typeof readsAfter === "function" ? readsAfter() : readsAfter;
}

/** Ends the authority, or waits until it has ended by itself. */
export async function ended(context: RaceContext, end: AuthorityCase["end"]): Promise<Exchange> {
  if (!("at" in end)) return context.recipes.send(end);
  await context.clock.sleep(Math.max(0, end.at - context.clock.now()), context.signal);
  const request = { method: "", path: "", headers: {} };
  // A timer may fire a fraction of a millisecond early.
  const over = Math.max(end.at, context.clock.now());
  // No call: a moment that is acknowledged once it has passed.
  return { request, invoke: end.at, return: over, status: 200, headers: {}, body: undefined };
}

function transportNamed(context: RaceContext, { transport }: Schedule) {
  const found = context.transports.find((one) => one.name === transport);
  if (!found) throw new SetupFailed(`${transport} is not spoken here`);
  return found;
}
