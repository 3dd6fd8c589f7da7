import type { Model } from "../model.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

/**
 * What calls did when they were made one at a time, in every order. A sequence of calls is written as their names
 * with blanks between them, `""` for none.
 *
 * - `call`: `acknowledged` lists the sequences after which it was acknowledged.
 * - `read`: `states` tells what was read after each sequence.
 */
export type ReplayedInput =
  | { readonly type: "call"; readonly name: string; readonly acknowledged: readonly string[] }
  | { readonly type: "read"; readonly states: Readonly<Record<string, string>> };

/**
 * The recorded one-at-a-time behaviour as the specification: a call is `ok` only after a sequence after which it was
 * acknowledged then, `rejected` only after another one; a read is what was read after that sequence. A call after
 * a sequence that was never made, and a read there, are illegal.
 *
 * An API may refuse under concurrency what it allows one at a time (409 of an optimistic lock): give such refusals the
 * outcome `unknown`.
 */
export function replayed(): Model<string, ReplayedInput, string | undefined> {
  return {
    name: "replayed",
    init: () => "",
    step(made, input, response) {
      switch (input.type) {
        case "call": {
          const after = made === "" ? input.name : `${made} ${input.name}`;
          if (response === undefined) return after;
          return input.acknowledged.includes(made) === (response.outcome === "ok") ? after : undefined;
        }
        case "read":
          if (response === undefined) return made;
          if (response.outcome !== "ok" || !Object.hasOwn(input.states, made)) return undefined;
          return input.states[made] === response.output ? made : undefined;
        default:
          return unknownInput("replayed", input);
      }
    },
    key: (made) => made,
    show: (made) => `after ${made === "" ? "nothing" : made}`,
    pure: (input) => input.type === "read",
    describe: (input, response) => `${input.type === "call" ? input.name : "read"} ${answerText(response)}`,
  };
}
