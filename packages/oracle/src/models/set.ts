import type { Model } from "../model.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type SetInput = { readonly type: "add" | "remove" | "has"; readonly value: string | number };

/**
 * A set of values. `add` and `remove` may answer whether they changed anything (or nothing at all);
 * `has` answers whether the value is in. Values are independent, so each is a partition. Nothing is
 * rejected.
 */
export function set(): Model<ReadonlySet<string | number>, SetInput, boolean | undefined> {
  return {
    name: "set",
    init: () => new Set(),
    step(state, input, response) {
      if (response?.outcome === "rejected") return undefined;
      const isIn = state.has(input.value);
      const output = response?.output;
      switch (input.type) {
        case "has":
          return response === undefined || output === isIn ? state : undefined;
        case "add":
          if (output !== undefined && output === isIn) return undefined;
          return isIn ? state : new Set(state).add(input.value);
        case "remove":
          if (output !== undefined && output !== isIn) return undefined;
          return isIn ? new Set([...state].filter((value) => value !== input.value)) : state;
        default:
          return unknownInput("set", input);
      }
    },
    key: (state) =>
      [...state]
        .map((value) => (typeof value === "number" ? `n${value}` : `s${value.length}:${value}`))
        .sort()
        .join(),
    show: (state) => `{${[...state].map((value) => JSON.stringify(value)).join(", ")}}`,
    // An add that answers false changed nothing in any state in which that answer is legal.
    pure: (input, response) =>
      input.type === "has" || response.outcome === "rejected" || response.output === false,
    partition: (input) => input.value,
    describe: (input, response) => `${input.type} ${JSON.stringify(input.value)} ${answerText(response)}`,
  };
}
