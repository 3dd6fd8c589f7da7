import { isDeepStrictEqual } from "node:util";
import { DeadheatError } from "../../errors.ts";
import type { CustomSchedule } from "../../plan/custom.ts";
import type { Stage } from "../../plan/interleaving.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { Unlearned } from "../learn.ts";
import { faultsIn, slowDown } from "../round.ts";
import type { Interleaved, Prepared, Trial } from "../scenarios/scenario.ts";
import { pairTransport } from "../together.ts";
import type { CustomContext } from "./context.ts";
import { judgeByInvariant } from "./judge-invariant.ts";
import { judgeByModel } from "./judge-model.ts";
import { type Judge, Unreadable } from "./judgement.ts";
import { ordersOf } from "./orders.ts";
import { canOverlap } from "./overlap.ts";
import { inTurn, rehearse } from "./rehearsal.ts";
import { assertFits, scheduleOf } from "./schedule.ts";
import { StepFailed, wordsOf } from "./step.ts";
import { changesIn, observe, overlapped, type Performance, raceTogether, requestsOf } from "./trial.ts";

/** A scenario of the user's own, made ready: it does one at a time what it says. Throws DeadheatError. */
export async function prepareCustom(
  context: CustomContext,
  only: CustomSchedule | undefined,
  onViolated: (reason: string) => void,
): Promise<Prepared | Unlearned> {
  const { scenario, race } = context;
  const judge = judgeOf(context);
  const kinds = requestsOf(scenario).map((step) => scenario.concurrent.indexOf(step));
  if (only) assertFits(only, kinds);
  const { orders, all } = ordersOf(kinds, race.randomOf(0));
  const rehearsed = await rehearse(context, judge, kinds.length, orders);
  if (rehearsed.unfit) {
    onViolated(rehearsed.unfit);
    return { status: "model-unfit", reason: rehearsed.unfit };
  }
  const trial = async (given: Schedule, stage?: Stage): Promise<Trial> => {
    const schedule = given as CustomSchedule;
    const performance = await raceTogether(context, schedule, stage);
    return judged(context, judge, schedule, performance, orders, onViolated);
  };
  return {
    model: judge.model,
    controls: [`one at a time, from fresh set-ups, the requests keep ${judge.words}`],
    serialControl: `one at a time once more, ${inOrders(orders.length, all)}, they keep it as well`,
    visibilityMs: scenario.visibilityMs,
    schedule: (index) => only ?? scheduleOf(race, scenario, index),
    trial,
    ...interleavedOf(context),
    overlap: () => canOverlap(context, rehearsed.latencyMs),
  };
}

/** Orders of statements are tried for two requests; more are raced by bursts. */
function interleavedOf({ scenario, race }: CustomContext): { readonly interleaved?: Interleaved } {
  const [first, second, ...more] = requestsOf(scenario);
  if (!first || !second || more.length > 0) return {};
  const base = scheduleOf(race, scenario, 0);
  return {
    interleaved: {
      bases: [{ ...base, transport: pairTransport(race) }],
      alike: first === second,
      names: [wordsOf(first), wordsOf(second)],
    },
  };
}

function inOrders(count: number, all: boolean): string {
  if (count === 1) return "in the one order that they can have";
  return all ? `in all ${count} orders` : `in ${count} orders`;
}

function judgeOf(context: CustomContext): Judge {
  const { expectation } = context.scenario;
  return expectation.kind === "model"
    ? judgeByModel(context, expectation.model, expectation.place)
    : judgeByInvariant(context, expectation.invariants);
}

async function judged(
  context: CustomContext,
  judge: Judge,
  schedule: CustomSchedule,
  performance: Performance,
  orders: readonly number[][],
  onViolated: (reason: string) => void,
): Promise<Trial> {
  const { scene } = performance;
  let keeps = false;
  try {
    await assertStillHolds(judge, performance);
    const { result, history, calls, unjudged, wrong } = await judge.judge(performance);
    // What was captured alone is looked at again, too.
    keeps = result.verdict === "race" || schedule.interleaving?.before === 0;
    const late = result.verdict === "race" ? undefined : slowDown(performance.exchanges);
    return {
      schedule,
      release: performance.release,
      history,
      calls,
      overlapped: overlapped(performance, schedule),
      result,
      faults: faultsIn(performance.exchanges),
      changes: changesIn(performance),
      summary: `${sentence(context)}: ${wrong}`,
      ...(unjudged === undefined ? late : { unjudged }),
      confirm: () => confirm(context, judge, performance),
      replaySerially: async () => {
        const violated = await inTurn(context, judge, orders);
        if (violated) onViolated(violated.reason);
        return violated?.result ?? LINEARIZABLE;
      },
    };
  } finally {
    // What a proof rests on is looked at again later.
    if (!keeps) await scene.clear();
  }
}

const LINEARIZABLE = { verdict: "linearizable", stats: { configs: 0, ms: 0 } } as const;

/** It held before the first race: a trial for which it does not is one that was not set up. */
async function assertStillHolds(judge: Judge, performance: Performance): Promise<void> {
  try {
    await judge.assertBefore(performance);
  } catch (error) {
    if (!(error instanceof DeadheatError)) throw error;
    throw new StepFailed("a later set-up", error.message);
  }
}

async function confirm(context: CustomContext, judge: Judge, { scene, after }: Performance) {
  try {
    const [then, now] = [await judge.seen(after), await judge.seen(await observe(context, scene))];
    return isDeepStrictEqual(then, now) ? "same" : "changed";
  } catch (error) {
    if (error instanceof StepFailed || error instanceof Unreadable) return "unreadable";
    throw error;
  }
}

/** `2 × POST /items/${item}/buy and POST /items/${item}/restock together`. */
function sentence({ scenario }: CustomContext): string {
  const parts = scenario.concurrent.map((step) =>
    step.count > 1 ? `${step.count} × ${wordsOf(step)}` : wordsOf(step),
  );
  return `${parts.join(" and ")} together`;
}
