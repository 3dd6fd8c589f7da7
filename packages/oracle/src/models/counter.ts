import type { Model } from "../model.ts";
import { counterShortcut } from "./counter-shortcut.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type CounterInput = { readonly type: "add"; readonly amount: number } | { readonly type: "read" };

/**
 * A number that is added to. An `add` may answer the value right after it, or nothing (`undefined`),
 * which constrains nothing; a `read` answers the value. Nothing is ever rejected: see `tolerant` where
 * refusals are to be ignored.
 *
 * @param initial value before the first operation; default 0
 */
export function counter(initial = 0): Model<number, CounterInput, number | undefined> {
  return {
    name: "counter",
    init: () => initial,
    step(state, input, response) {
      if (response?.outcome === "rejected") return undefined;
      const output = response?.output;
      switch (input.type) {
        case "add": {
          const next = state + input.amount;
          return output === undefined || output === next ? next : undefined;
        }
        case "read":
          return response === undefined || output === state ? state : undefined;
        default:
          return unknownInput("counter", input);
      }
    },
    key: (state) => state,
    pure: (input, response) => input.type === "read" || response.outcome === "rejected",
    describe: (input, response) =>
      input.type === "add" ? `add ${input.amount} ${answerText(response)}` : `read ${answerText(response)}`,
    shortcut: (part) => counterShortcut(initial, part),
  };
}
