import type { History, Operation } from "../history.ts";
import type { Model } from "../model.ts";

/**
 * Linearizability by breadth-first search over (placed operations, state), without any reduction. Slower
 * than the oracle by orders of magnitude and simple enough to believe; for histories too long for brute
 * force. `undefined` where there are more than `most` configurations.
 */
export function plainSearch<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  most = 20_000,
): boolean | undefined {
  const isAnswered = (operation: Operation<I, O>) => operation.outcome !== "unknown";
  const count = history.length;
  const isDone = (placed: string) => history.every((each, i) => placed[i] === "1" || !isAnswered(each));
  let level = new Map([["0".repeat(count), new Map([[model.key(model.init()), model.init()]])]]);
  let visited = 0;
  while (level.size > 0) {
    const next: typeof level = new Map();
    for (const [placed, states] of level) {
      if (isDone(placed)) return true;
      const ends = history.map((each, i) =>
        placed[i] === "0" && isAnswered(each) ? (each.return ?? Infinity) : Infinity,
      );
      const horizon = Math.min(...ends);
      for (const [i, { input, invoke, outcome, output }] of history.entries()) {
        if (placed[i] === "1" || invoke > horizon) continue;
        const target = `${placed.slice(0, i)}1${placed.slice(i + 1)}`;
        for (const state of states.values()) {
          const after = model.step(state, input, outcome === "unknown" ? undefined : { outcome, output });
          if (after === undefined) continue;
          const known = next.get(target) ?? new Map();
          if (!known.has(model.key(after))) visited++;
          next.set(target, known.set(model.key(after), after));
        }
      }
    }
    if (visited > most) return undefined;
    level = next;
  }
  return false;
}
