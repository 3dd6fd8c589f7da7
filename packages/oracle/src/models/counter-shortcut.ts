import type { History } from "../history.ts";
import type { Shortcut } from "../model.ts";
import type { CounterInput } from "./counter.ts";
import { maybeSubsetSum } from "./subset-sums.ts";

interface Add {
  readonly id: string;
  readonly amount: number;
  readonly invoke: number;
  /** Infinity and not `sure` where there was no answer. */
  readonly return: number;
  readonly sure: boolean;
}

/** Somebody saw the value: a read, or an add that answered it (`own`, counted in). */
interface Sight {
  readonly id: string;
  readonly value: number;
  readonly own: number;
  readonly invoke: number;
  readonly return: number;
  /** The earliest and latest moment, narrowed by what others saw. */
  from: number;
  to: number;
}

/** Past this many operations times sightings the look ahead costs more than the search. */
const MOST_WORK = 4_000_000;

/**
 * Finds counters that nobody can have counted so, without trying orders. Of any value seen: the adds
 * that had returned are in it, those that overlap or have no answer may be, so what remains has to be a
 * sum of some of these; and the same between one sighting and the next. This is less than
 * linearizability asks for, so a value that fails is a race, and one that does not is for the search.
 *
 * `200 × add 1, read 199` fails at once; the search would try the adds in every order.
 */
export function counterShortcut(
  initial: number,
  part: History<CounterInput, number | undefined>,
): Shortcut | undefined {
  const { adds, sights } = read(part);
  const numbers = [initial, ...adds.map(({ amount }) => amount), ...sights.map(({ value }) => value)];
  // Fractions round differently in different orders.
  if (!numbers.every(Number.isSafeInteger) || adds.length * sights.length > MOST_WORK) return undefined;

  const stale = narrow(adds, sights);
  if (stale !== undefined) return stale;
  const byReturn = sights.toSorted((a, b) => a.to - b.to);
  for (const sight of sights) {
    if (!isReachable(adds, undefined, sight, sight.value - initial)) {
      return {
        verdict: "race",
        operations: [sight.id],
        because: `No sum of the adds that can have come before gives the value ${sight.value}`,
      };
    }
    const before = lastBefore(byReturn, sight.from);
    if (before !== undefined && !isReachable(adds, before, sight, sight.value - before.value)) {
      return {
        verdict: "race",
        operations: [before.id, sight.id],
        because: `No sum of the adds that can have come between gives the step from ${before.value} to ${sight.value}`,
      };
    }
  }
  return undefined;
}

function read(part: History<CounterInput, number | undefined>): { adds: Add[]; sights: Sight[] } {
  const adds: Add[] = [];
  const sights: Sight[] = [];
  for (const { id, invoke, input, outcome, output, return: end = Number.POSITIVE_INFINITY } of part) {
    if (outcome === "rejected") continue;
    const sure = outcome === "ok";
    const returned = sure ? end : Number.POSITIVE_INFINITY;
    const own = input.type === "add" ? input.amount : 0;
    if (input.type === "add") adds.push({ id, amount: own, invoke, return: returned, sure });
    if (sure && typeof output === "number") {
      sights.push({ id, value: output, own, invoke, return: returned, from: invoke, to: returned });
    }
  }
  return { adds, sights };
}

/** Where the value only grows, a smaller value was seen before a larger one. */
function narrow(adds: readonly Add[], sights: Sight[]): Shortcut | undefined {
  if (adds.some(({ amount }) => amount < 0)) return undefined;
  const byValue = sights.toSorted((a, b) => a.value - b.value);
  spread(
    byValue,
    (sight, from) => (sight.from = Math.max(sight.from, from)),
    (sight) => sight.from,
    Math.max,
  );
  spread(
    byValue.toReversed(),
    (sight, to) => (sight.to = Math.min(sight.to, to)),
    (sight) => sight.to,
    Math.min,
  );
  const stale = sights.find(({ from, to }) => from > to);
  if (stale === undefined) return undefined;
  return {
    verdict: "race",
    operations: [stale.id],
    because: `The value ${stale.value} was seen after a larger one, or a smaller one after it`,
  };
}

/** Carries a bound from each value on to the next different one. */
function spread(
  sights: readonly Sight[],
  bound: (sight: Sight, by: number) => void,
  boundOf: (sight: Sight) => number,
  pick: (a: number, b: number) => number,
): void {
  let [before, here] = [undefined as number | undefined, undefined as number | undefined];
  for (const [index, sight] of sights.entries()) {
    if (index > 0 && sights[index - 1]!.value !== sight.value) before = here;
    const own = boundOf(sight);
    here = here === undefined ? own : pick(here, own);
    if (before !== undefined) bound(sight, before);
  }
}

/** Whether `difference` can be what was added from `before` (or the beginning) up to `sight`. */
function isReachable(
  adds: readonly Add[],
  before: Sight | undefined,
  sight: Sight,
  difference: number,
): boolean {
  let rest = difference - sight.own;
  const perhaps: number[] = [];
  for (const { id, amount, invoke, return: end, sure } of adds) {
    if (id === sight.id || id === before?.id) continue;
    const isAfter = invoke > sight.to;
    const isEarlier = before !== undefined && end < before.from;
    if (isAfter || isEarlier) continue;
    if (sure && end < sight.from && (before === undefined || invoke > before.to)) rest -= amount;
    else perhaps.push(amount);
  }
  return maybeSubsetSum(rest, perhaps);
}

/** The last sighting that was over before `time`. */
function lastBefore(byReturn: readonly Sight[], time: number): Sight | undefined {
  let [low, high] = [0, byReturn.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byReturn[middle]!.to < time) low = middle + 1;
    else high = middle;
  }
  return byReturn[low - 1];
}
