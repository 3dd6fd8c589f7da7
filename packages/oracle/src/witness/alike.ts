import { Canonical } from "../canonical.ts";
import type { History } from "../history.ts";
import { isAnswered } from "../search/partition.ts";

/**
 * For each operation, a name that it shares with those it can trade places with: same input and answer,
 * after the same operations and before the same ones. What holds of one holds of all: in a burst of 200
 * equal requests, one check instead of 200.
 */
export function alike(operations: History<unknown, unknown>): ReadonlyMap<string, string> {
  const canonical = new Canonical();
  const returns = operations
    .flatMap((each) => (isAnswered(each) ? [each.return!] : []))
    .sort((a, b) => a - b);
  const invokes = operations.map((each) => each.invoke).sort((a, b) => a - b);
  return new Map(
    operations.map((each) => {
      // Which ones come before is told by how many: they are those that return first.
      const before = countBelow(returns, each.invoke, false);
      const after = isAnswered(each) ? invokes.length - countBelow(invokes, each.return!, true) : 0;
      const what = canonical.of([each.input, each.outcome, isAnswered(each) ? each.output : null]);
      return [each.id, `${before} ${after} ${what}`];
    }),
  );
}

/** How many of the sorted numbers are below `limit`, or equal to it where `orEqual`. */
function countBelow(sorted: readonly number[], limit: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle]!;
    if (value < limit || (orEqual && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
