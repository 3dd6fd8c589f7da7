import type { Model } from "../model.ts";
import { type RegisterInput, type Scalar, scalarKey } from "./register.ts";
import { registerShortcut } from "./register-shortcut.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type CasRegisterInput =
  | RegisterInput
  | { readonly type: "cas"; readonly from: Scalar; readonly to: Scalar };

/**
 * A register with compare-and-set: `cas` is `ok` where the value was `from` and is now `to`, `rejected`
 * where it was anything else. Reads and writes as in `register`.
 *
 * @param initial value before the first write; default `null`
 */
export function casRegister(initial: Scalar = null): Model<Scalar, CasRegisterInput, Scalar | undefined> {
  return {
    name: "cas-register",
    init: () => initial,
    step(state, input, response) {
      switch (input.type) {
        case "write":
          return response?.outcome === "rejected" ? undefined : input.value;
        case "read":
          if (response === undefined) return state;
          return response.outcome === "ok" && Object.is(response.output, state) ? state : undefined;
        case "cas":
          if (response?.outcome === "rejected") return Object.is(state, input.from) ? undefined : state;
          return Object.is(state, input.from) ? input.to : undefined;
        default:
          return unknownInput("cas-register", input);
      }
    },
    key: scalarKey,
    show: (value) => JSON.stringify(value),
    pure: (input, response) => input.type === "read" || response.outcome === "rejected",
    describe(input, response) {
      if (input.type === "read") return `read ${answerText(response)}`;
      if (input.type === "write") return `write ${JSON.stringify(input.value)} ${answerText(response)}`;
      return `cas ${JSON.stringify(input.from)} to ${JSON.stringify(input.to)} ${answerText(response)}`;
    },
    shortcut: (part) => registerShortcut(initial, part),
  };
}
