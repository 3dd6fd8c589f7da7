import type { GuardState, Operation as HistoryOperation, Model } from "@deadheat/oracle";
import type { Act } from "../../plan/plan.ts";
import { aside } from "../aside.ts";
import type { Authority, AuthorityCase } from "../authority.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { CONTROL_OPERATIONS, explained } from "../control.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import type { Fit } from "../families/index.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { readGauge } from "../observe.ts";
import { outcomeOf } from "../round.ts";
import { rejectionsOf } from "./authority-history.ts";
import { ended as overBy, readerOf } from "./authority-run.ts";
import type { GuardedInput, GuardedOutput } from "./ended-authority.ts";

type GuardedModel = Model<GuardState<number>, GuardedInput, GuardedOutput>;

const READ_YOUR_WRITES = 20;
const MOST_AMOUNT = 9;
/** The sixth operation of twelve: calls are tried on both sides of it. */
const END_AT = 5;
/** A machine that is busy for a moment is no reason to give up. */
const ATTEMPTS = 3;
const TOO_SLOW = `its authority ended before ${END_AT} calls one at a time were done`;

/**
 * What has to hold one at a time before an effect after the end of an authority means anything: a write that
 * was acknowledged shows in the very next read, 20 times of 20, and a random sequence with the end in its
 * middle fits the model.
 */
export async function authorityControl(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  authority: Authority,
  model: GuardedModel,
): Promise<{ readonly controls: readonly string[] } | Unlearned> {
  const late = await readYourWrites(context, act, behaviour, authority);
  if (late) return late;
  let unfit: Unlearned | "overdue" | undefined = "overdue";
  for (let attempt = 0; attempt < ATTEMPTS && unfit === "overdue"; attempt++)
    unfit = await sequence(context, act, behaviour, authority, model);
  if (unfit === "overdue") return { status: "inconclusive", reason: TOO_SLOW };
  if (unfit) return unfit;
  return {
    controls: [
      `${READ_YOUR_WRITES} of ${READ_YOUR_WRITES} acknowledged writes showed in the next read`,
      `${CONTROL_OPERATIONS} operations one at a time, ${authority.endedBy} among them, fit ${model.name}`,
    ],
  };
}

/** The limit is the caller's own: another object would not renew it, another principal does. */
function isQuota(act: Act, fit: Fit): boolean {
  return fit.limit !== undefined && act.links.length === 0 && act.references.length === 0;
}

/** Whether it may end by itself within so many ms, or may have ended. */
function mayEnd(context: RaceContext, { end }: AuthorityCase, withinMs = 0): boolean {
  return "from" in end && end.from - context.clock.now() <= withinMs;
}

async function readYourWrites(
  context: RaceContext,
  act: Act,
  { fit }: Behaviour,
  authority: Authority,
): Promise<Unlearned | undefined> {
  let one: AuthorityCase | undefined;
  let longestMs = 0;
  let late = 0;
  for (let index = 0; index < READ_YOUR_WRITES; index++) {
    const another = !one || isQuota(act, fit) || mayEnd(context, one, 2 * longestMs);
    one = !one || another ? await aside(context, () => authority.begin()) : one;
    const started = context.clock.now();
    const { actor, readsBefore } = one;
    const fixture = another ? one.fixture : await one.renew();
    const before = (await readGauge(context, fit.gauge, fixture, readsBefore)).value;
    const amounts = amountsOf(act, 1 + (index % MOST_AMOUNT));
    const written = await context.session.send(call(context, act, fixture, amounts, actor));
    const after = (await readGauge(context, fit.gauge, fixture, readsBefore)).value;
    const change =
      before === undefined || after === undefined ? undefined : Number((after - before).toFixed(6));
    longestMs = Math.max(longestMs, context.clock.now() - started);
    if (succeeded(written) && change === fit.effectOf(amounts, before ?? 0)) continue;
    // It may have come after the end: that says nothing of a write that is acknowledged.
    if (!succeeded(written) && mayEnd(context, one)) {
      if (++late === ATTEMPTS)
        return { status: "inconclusive", reason: "its authority ended before a call under it was done" };
      one = undefined;
      index--;
      continue;
    }
    return {
      status: "inconclusive",
      reason: `an acknowledged write did not show in the next read (control ${index + 1} of ${READ_YOUR_WRITES})`,
    };
  }
  return undefined;
}

async function sequence(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  authority: Authority,
  model: GuardedModel,
): Promise<Unlearned | "overdue" | undefined> {
  const { fit } = behaviour;
  const one = await aside(context, () => authority.begin());
  const tokens = { A: one.actor, B: one.partner };
  const rejections = rejectionsOf(behaviour);
  const history: HistoryOperation<GuardedInput, GuardedOutput>[] = [];
  let fixture = one.fixture;
  let ended = false;
  let overdue = false;
  const reads = async () => (ended ? readerOf(one) : one.readsBefore);
  const reusable = fit.limit === undefined;
  // A gauge of the object itself would start again with another object.
  const repeatable = reusable || (fit.gauge.observer.pathParameters.length === 0 && !isQuota(act, fit));
  const initial = (await readGauge(context, fit.gauge, fixture, await reads())).value ?? 0;
  let current = initial;
  const record = (
    exchange: Exchange,
    input: GuardedInput,
    rest: Pick<HistoryOperation<never, GuardedOutput>, "outcome" | "output">,
  ) =>
    history.push({
      id: `s${history.length + 1}`,
      process: "control",
      invoke: exchange.invoke,
      return: exchange.return ?? exchange.invoke,
      input,
      ...rest,
    });
  const add = async (token: "A" | "B") => {
    const amounts = amountsOf(act, context.random.integer(1, MOST_AMOUNT));
    const exchange = await context.session.send(call(context, act, fixture, amounts, tokens[token]));
    const amount = fit.effectOf(amounts, current);
    const input = { type: "call", token, input: { type: "add", amount } } as const;
    if (succeeded(exchange)) current = Number((current + amount).toFixed(6));
    else if (token === "A" && !ended && mayEnd(context, one)) overdue = true;
    record(exchange, input, { outcome: outcomeOf(exchange, rejections) });
    // Where an object allows few uses, the next call needs another; made by the token that stays valid.
    if (!reusable && repeatable && succeeded(exchange)) fixture = await one.renew();
  };
  for (let index = 0; index < CONTROL_OPERATIONS; index++) {
    if (index === END_AT) {
      // Some of the calls may have come after the end: that says nothing of the model.
      if (overdue || ("at" in one.end && context.clock.now() > one.end.at)) return "overdue";
      const exchange = await overBy(context, one.end);
      ended = true;
      record(exchange, { type: "revoke", token: "A" }, { outcome: succeeded(exchange) ? "ok" : "unknown" });
    } else if (index === END_AT - 2 || index === END_AT + 1) await add("A");
    else if (one.partner && repeatable && index % 2 === 1 && context.random.next() < 0.5) await add("B");
    else {
      const { exchange, value } = await readGauge(context, fit.gauge, fixture, await reads());
      const output = value === undefined ? undefined : Number((value - initial).toFixed(6));
      record(
        exchange,
        { type: "bypass", input: { type: "read" } },
        { outcome: output === undefined ? "unknown" : "ok", output },
      );
    }
  }
  return explained(context, model, history);
}
