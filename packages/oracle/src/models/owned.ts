import type { Model } from "../model.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type OwnedInput =
  | { readonly type: "claim" | "release" | "use"; readonly owner: string }
  | { readonly type: "give"; readonly owner: string; readonly to: string }
  | { readonly type: "read" };

/**
 * A resource with at most one owner: `claim` is `ok` where it is free or already the caller's, `rejected`
 * where somebody has it; `use`, `release` and `give` are `ok` for the owner and `rejected` for anyone
 * else; `read` answers the owner or `null`.
 *
 * @param initial owner before the first operation; default `null`, free
 */
export function owned(initial: string | null = null): Model<{ owner: string | null }, OwnedInput, unknown> {
  return {
    name: "owned",
    init: () => ({ owner: initial }),
    step(state, input, response) {
      const { owner } = state;
      const rejected = response?.outcome === "rejected";
      switch (input.type) {
        case "read":
          if (response === undefined) return state;
          return !rejected && response.output === owner ? state : undefined;
        case "claim":
          if (rejected) return owner !== null ? state : undefined;
          if (owner === null) return { owner: input.owner };
          return owner === input.owner ? state : undefined;
        case "use":
        case "release":
        case "give":
          if (rejected) return owner !== input.owner ? state : undefined;
          if (owner !== input.owner) return undefined;
          if (input.type === "use") return state;
          return { owner: input.type === "give" ? input.to : null };
        default:
          return unknownInput("owned", input);
      }
    },
    key: ({ owner }) => (owner === null ? "" : `=${owner}`),
    show: ({ owner }) => (owner === null ? "free" : `of ${owner}`),
    pure: (input, response) =>
      input.type === "read" || input.type === "use" || response.outcome === "rejected",
    describe(input, response) {
      if (input.type === "read") return `read ${answerText(response)}`;
      const to = input.type === "give" ? ` to ${input.to}` : "";
      return `${input.type} by ${input.owner}${to} ${answerText(response)}`;
    },
  };
}
