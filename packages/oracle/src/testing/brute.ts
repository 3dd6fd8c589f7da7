import type { History, Operation } from "../history.ts";
import type { Model } from "../model.ts";

/**
 * Linearizability by its definition: try every order of every choice of the unanswered operations. For
 * up to about 8 operations. Shares no code and no idea with the search; it is what the search is
 * checked against.
 */
export function bruteForce<S, I, O>(model: Model<S, I, O>, history: History<I, O>): boolean {
  const mustPrecede = (a: Operation<I, O>, b: Operation<I, O>) =>
    a.outcome !== "unknown" && a.return !== undefined && a.return < b.invoke;

  const extend = (state: S, rest: readonly Operation<I, O>[]): boolean => {
    if (rest.every((operation) => operation.outcome === "unknown")) return true;
    return rest.some((operation) => {
      const others = rest.filter((other) => other !== operation);
      if (others.some((other) => mustPrecede(other, operation))) return false;
      const { input, outcome, output } = operation;
      const next = model.step(state, input, outcome === "unknown" ? undefined : { outcome, output });
      return next !== undefined && extend(next, others);
    });
  };
  return extend(model.init(), history);
}
