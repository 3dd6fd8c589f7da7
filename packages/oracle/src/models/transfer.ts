import type { Operation } from "../history.ts";
import type { Model } from "../model.ts";
import type { CounterInput } from "./counter.ts";
import { counterShortcut } from "./counter-shortcut.ts";
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
    show: ({ a, b }) => `a ${a}, b ${b}`,
    pure: (input, response) => input.type !== "transfer" || response.outcome === "rejected",
    shortcut(part) {
      // One account, for itself, is a counter.
      const found = counterShortcut(initial.a, part.flatMap(onAccountA));
      return found?.verdict === "race" ? found : undefined;
    },
    foresee(part) {
      const amounts = part.map(({ input }) => (input.type === "transfer" ? input.amount : 0));
      // Nothing comes in or goes out; but fractions lose and gain a bit on the way.
      if (![initial.a, initial.b, ...amounts].every(Number.isSafeInteger)) return undefined;
      return {
        expired(state, input, { outcome, output }) {
          const seen = output as Partial<Accounts> | null | undefined;
          return (
            outcome === "ok" && input.type === "read" && (seen?.a ?? 0) + (seen?.b ?? 0) !== state.a + state.b
          );
        },
      };
    },
    describe(input, response) {
      if (input.type === "read") return `read ${answerText(response)}`;
      if (input.type === "balance") return `balance of ${input.account} ${answerText(response)}`;
      return `transfer ${input.amount} from ${input.from} ${answerText(response)}`;
    },
  };
}

function onAccountA(
  operation: Operation<TransferInput, unknown>,
): Operation<CounterInput, number | undefined>[] {
  const { input, output, ...rest } = operation;
  if (input.type === "transfer") {
    return [{ ...rest, input: { type: "add", amount: input.from === "a" ? -input.amount : input.amount } }];
  }
  if (input.type === "balance" && input.account === "b") return [];
  const seen = input.type === "read" ? (output as Partial<Accounts> | undefined)?.a : (output as number);
  return [{ ...rest, input: { type: "read" }, output: seen }];
}
