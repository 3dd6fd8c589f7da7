import { Canonical } from "../canonical.ts";
import type { Model } from "../model.ts";
import { registerShortcut } from "./register-shortcut.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type Scalar = string | number | boolean | null;
export type RegisterInput = { readonly type: "write"; readonly value: Scalar } | { readonly type: "read" };

const canonical = new Canonical();
/** Values as memo keys: 1 and "1" are different values. */
export const scalarKey = (value: Scalar): string => canonical.of(value);

/**
 * One value that is overwritten as a whole. A `read` answers it. Nothing is rejected.
 *
 * @param initial value before the first write; default `null`
 */
export function register(initial: Scalar = null): Model<Scalar, RegisterInput, Scalar | undefined> {
  return {
    name: "register",
    init: () => initial,
    step(state, input, response) {
      if (response?.outcome === "rejected") return undefined;
      switch (input.type) {
        case "write":
          return input.value;
        case "read":
          return response === undefined || Object.is(response.output, state) ? state : undefined;
        default:
          return unknownInput("register", input);
      }
    },
    key: scalarKey,
    show: (value) => JSON.stringify(value),
    pure: (input, response) => input.type === "read" || response.outcome === "rejected",
    describe: (input, response) =>
      input.type === "write"
        ? `write ${JSON.stringify(input.value)} ${answerText(response)}`
        : `read ${answerText(response)}`,
    shortcut: (part) => registerShortcut(initial, part),
  };
}
