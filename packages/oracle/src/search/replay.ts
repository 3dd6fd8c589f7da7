import type { History, Operation } from "../history.ts";
import type { Model } from "../model.ts";
import { isAnswered } from "./partition.ts";

/**
 * Whether `order` (operation ids) is a legal sequential order of `history`: every answered operation
 * once, others at most once, real time respected, every step legal. Knows nothing of the search, so that
 * what the search or a model's shortcut claims can be checked.
 */
export function isLegalOrder<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  order: readonly string[],
): boolean {
  const byId = new Map(history.map((operation) => [operation.id, operation]));
  const placed = new Set<string>();
  const sequence: Operation<I, O>[] = [];
  for (const id of order) {
    const operation = byId.get(id);
    if (operation === undefined || placed.has(id)) return false;
    placed.add(id);
    sequence.push(operation);
  }
  for (const operation of history) if (isAnswered(operation) && !placed.has(operation.id)) return false;

  // From the end: nothing may return before something placed ahead of it was invoked.
  let earliestReturn = Number.POSITIVE_INFINITY;
  for (const operation of sequence.toReversed()) {
    if (earliestReturn < operation.invoke) return false;
    if (isAnswered(operation)) earliestReturn = Math.min(earliestReturn, operation.return ?? earliestReturn);
  }

  let state = model.init();
  for (const { input, outcome, output } of sequence) {
    const next = model.step(state, input, outcome === "unknown" ? undefined : { outcome, output });
    if (next === undefined) return false;
    state = next;
  }
  return true;
}

/**
 * One order of the whole history from one order of each part. Each operation gets the earliest moment
 * at which it can have taken effect in its part's order, which lies inside its interval; sorting by that
 * moment respects every part's order and real time across parts.
 */
export function mergeOrders<I, O>(
  parts: readonly { readonly history: History<I, O>; readonly order: readonly string[] }[],
): string[] {
  if (parts.length === 1) return [...parts[0]!.order];
  const moments: { id: string; at: number }[] = [];
  for (const { history, order } of parts) {
    const invokes = new Map(history.map((operation) => [operation.id, operation.invoke]));
    let at = Number.NEGATIVE_INFINITY;
    for (const id of order) {
      at = Math.max(at, invokes.get(id) ?? at);
      moments.push({ id, at });
    }
  }
  return moments.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ id }) => id);
}
