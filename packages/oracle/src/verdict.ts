import { type Budget, Stopped, type StopReason } from "./budget.ts";
import type { History } from "./history.ts";
import type { Model } from "./model.ts";
import { layOut, split } from "./search/partition.ts";
import { isLegalOrder, mergeOrders } from "./search/replay.ts";
import { type Deepest, Search } from "./search/search.ts";
import { validate } from "./validate.ts";

/** `unknown`: a budget ended the search. It never means "no race". */
export type Verdict = "linearizable" | "race" | "unknown";

/** What the search found, before a witness is made of it. */
export type Finding<I, O> =
  | { readonly verdict: "linearizable"; readonly order: readonly string[] }
  | {
      readonly verdict: "race";
      readonly part: History<I, O>;
      readonly because?: string;
      readonly deepest?: Deepest;
    }
  | { readonly verdict: "unknown"; readonly stopped: StopReason };

/** Configurations of a partition's first turn; later turns are longer, so that few turns are needed. */
const FIRST_SLICE = 1000;
const SLICE_GROWTH = 4;

/**
 * Decides a history. Partitions take turns, so that one hard partition cannot keep a racy one from
 * being looked at. Yields between turns; a caller may do other things, or stop there.
 */
export function* decide<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  budget: Budget,
  longestSlice = Number.POSITIVE_INFINITY,
): Generator<void, Finding<I, O>> {
  try {
    return yield* turns(model, history, budget, longestSlice);
  } catch (error) {
    if (error instanceof Stopped) return { verdict: "unknown", stopped: budget.stopped! };
    throw error;
  }
}

function* turns<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  budget: Budget,
  longestSlice: number,
): Generator<void, Finding<I, O>> {
  const pulse = () => budget.pulse();
  validate(history, pulse);
  const done: { history: History<I, O>; order: readonly string[] }[] = [];
  let waiting = split(model, history, pulse).map((part) => ({
    part,
    search: undefined as Search<S, I, O> | undefined,
  }));
  for (let slice = FIRST_SLICE; waiting.length > 0; slice *= SLICE_GROWTH) {
    const unfinished: typeof waiting = [];
    for (const turn of waiting) {
      if (budget.spent()) return { verdict: "unknown", stopped: budget.stopped! };
      const { part } = turn;
      if (turn.search === undefined) {
        const shortcut = model.shortcut?.(part);
        if (shortcut?.verdict === "race") return { verdict: "race", part, because: shortcut.because };
        if (shortcut !== undefined && isLegalOrder(model, part, shortcut.order)) {
          done.push({ history: part, order: shortcut.order });
          continue;
        }
        turn.search = new Search(model, layOut(model, part, pulse), model.foresee?.(part));
      }
      const answer = yield* turnOf(turn.search, budget, slice, longestSlice);
      if (answer === "race") return { verdict: "race", part, deepest: turn.search.deepest };
      if (answer === "linearizable") done.push({ history: part, order: turn.search.order() });
      else if (budget.stopped !== undefined) return { verdict: "unknown", stopped: budget.stopped };
      else unfinished.push(turn);
    }
    waiting = unfinished;
  }
  return { verdict: "linearizable", order: mergeOrders(done) };
}

function* turnOf<S, I, O>(search: Search<S, I, O>, budget: Budget, slice: number, longest: number) {
  for (let left = slice; ; left -= longest) {
    const answer = search.run(budget, Math.min(left, longest));
    if (answer !== "paused" || budget.stopped !== undefined || left <= longest) return answer;
    yield;
  }
}

/** Runs {@link decide} in one go. */
export function decideNow<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  budget: Budget,
): Finding<I, O> {
  const run = decide(model, history, budget);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}
