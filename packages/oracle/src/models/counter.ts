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
    foresee(part) {
      // Where all amounts have one sign, a value passed by never comes back.
      const amounts = part.map(({ input }) => (input.type === "add" ? input.amount : 0));
      const sign = amounts.every((amount) => amount >= 0)
        ? 1
        : amounts.every((amount) => amount <= 0)
          ? -1
          : 0;
      if (sign === 0) return undefined;
      return {
        expired(state, input, { output }) {
          const next = input.type === "add" ? state + input.amount : state;
          return output !== undefined && sign * next > sign * output;
        },
      };
    },
    shortcut: (part) => counterShortcut(initial, part),
  };
}
