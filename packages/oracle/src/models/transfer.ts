import type { Model } from "../model.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type TransferInput =
  | { readonly type: "transfer"; readonly from: "a" | "b"; readonly amount: number }
  | { readonly type: "read" }
  | { readonly type: "balance"; readonly account: "a" | "b" };

export interface Accounts {
  readonly a: number;
  readonly b: number;
}

/**
 * Two accounts and a floor: a `transfer` from one to the other is `ok` where it leaves the payer at or
 * above the floor, `rejected` where it does not; `read` answers `{ a, b }`, `balance` one of them.
 *
 * @param initial balances before the first transfer
 * @param floor lowest balance allowed; default 0
 */
export function transfer(initial: Accounts, floor = 0): Model<Accounts, TransferInput, unknown> {
  return {
    name: "transfer",
    init: () => ({ a: initial.a, b: initial.b }),
    step(state, input, response) {
      const rejected = response?.outcome === "rejected";
      switch (input.type) {
        case "transfer": {
          const enough = state[input.from] - input.amount >= floor;
          if (rejected) return enough ? undefined : state;
          if (!enough) return undefined;
          const sign = input.from === "a" ? 1 : -1;
          return { a: state.a - sign * input.amount, b: state.b + sign * input.amount };
        }
        case "read": {
          if (response === undefined) return state;
          const seen = response.output as Partial<Accounts> | null | undefined;
          return !rejected && seen?.a === state.a && seen.b === state.b ? state : undefined;
        }
        case "balance":
          if (response === undefined) return state;
          return !rejected && response.output === state[input.account] ? state : undefined;
        default:
          return unknownInput("transfer", input);
      }
    },
    key: ({ a, b }) => `${a},${b}`,
    pure: (input, response) => input.type !== "transfer" || response.outcome === "rejected",
    describe(input, response) {
      if (input.type === "read") return `read ${answerText(response)}`;
      if (input.type === "balance") return `balance of ${input.account} ${answerText(response)}`;
      return `transfer ${input.amount} from ${input.from} ${answerText(response)}`;
    },
  };
}
