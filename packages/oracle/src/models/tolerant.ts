import type { Model } from "../model.ts";

/**
 * The same model, except that a rejection is legal in every state. For APIs that refuse for reasons
 * outside the model (a lost lock, a rate limit, a validation): their refusals change nothing and prove
 * nothing, and a strict model would call them a race.
 */
export function tolerant<S, I, O>(inner: Model<S, I, O>): Model<S, I, O> {
  return {
    ...inner,
    name: `tolerant(${inner.name})`,
    step: (state, input, response) =>
      response?.outcome === "rejected" ? state : inner.step(state, input, response),
    pure: (input, response) => response.outcome === "rejected" || inner.pure(input, response),
    ...(inner.foresee && {
      foresee: (part) => inner.foresee!(part.filter((operation) => operation.outcome !== "rejected")),
    }),
    ...(inner.shortcut && {
      shortcut: (part) => {
        const answered = part.filter((operation) => operation.outcome !== "rejected");
        const found = inner.shortcut!(answered);
        // An order would lack the rejections; the search finds one soon enough.
        return found?.verdict === "race" ? found : undefined;
      },
    }),
  };
}
