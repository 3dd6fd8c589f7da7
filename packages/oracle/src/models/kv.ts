import type { Model } from "../model.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type KvInput =
  | { readonly type: "get"; readonly key: string }
  | { readonly type: "put" | "append"; readonly key: string; readonly value: string };

/**
 * Strings by key, each "" at first: `put` replaces, `append` adds at the end, `get` answers. Keys are
 * independent, so each is a partition. Nothing is rejected.
 */
export function kv(): Model<ReadonlyMap<string, string>, KvInput, string | undefined> {
  return {
    name: "kv",
    init: () => new Map(),
    step(state, input, response) {
      if (response?.outcome === "rejected") return undefined;
      const value = state.get(input.key) ?? "";
      switch (input.type) {
        case "get":
          return response === undefined || response.output === value ? state : undefined;
        case "put":
          return new Map(state).set(input.key, input.value);
        case "append":
          return new Map(state).set(input.key, value + input.value);
        default:
          return unknownInput("kv", input);
      }
    },
    key: stateKey,
    pure: (input, response) => input.type === "get" || response.outcome === "rejected",
    partition: (input) => input.key,
    describe(input, response) {
      if (input.type === "get") return `get ${input.key} ${answerText(response)}`;
      return `${input.type} ${input.key} ${JSON.stringify(input.value)} ${answerText(response)}`;
    },
  };
}

/** Lengths in front, so that no key or value can imitate a border; "" is the same as absent. */
function stateKey(state: ReadonlyMap<string, string>): string {
  let text = "";
  for (const key of state.size < 2 ? state.keys() : [...state.keys()].sort()) {
    const value = state.get(key)!;
    if (value !== "") text += `${key.length}:${key}${value.length}:${value}`;
  }
  return text;
}
