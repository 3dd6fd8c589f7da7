import type { Model } from "../model.ts";
import { kvForesight } from "./kv-foresight.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type KvInput =
  | { readonly type: "get"; readonly key: string }
  | { readonly type: "put" | "append"; readonly key: string; readonly value: string };

/**
 * Mostly one key has a value, as in every partition: then the state is its own memo key, and a long value
 * is not copied to make one.
 */
export type KvState = string | ReadonlyMap<string, string>;

/**
 * Strings by key, each "" at first: `put` replaces, `append` adds at the end, `get` answers. Keys are
 * independent, so each is a partition. Nothing is rejected.
 */
export function kv(): Model<KvState, KvInput, string | undefined> {
  return {
    name: "kv",
    init: () => "",
    step(state, input, response) {
      if (response?.outcome === "rejected") return undefined;
      switch (input.type) {
        case "get":
          return response === undefined || holds(state, input.key, response.output) ? state : undefined;
        case "put":
          return changed(state, input.key, input.value, false);
        case "append":
          return changed(state, input.key, input.value, true);
        default:
          return unknownInput("kv", input);
      }
    },
    key: (state) => (typeof state === "string" ? state : stateKey(state)),
    show: (state) =>
      entriesOf(state)
        .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
        .join(", "),
    pure: (input, response) => input.type === "get" || response.outcome === "rejected",
    partition: (input) => input.key,
    foresee(part) {
      const canLead = kvForesight(part);
      if (canLead === undefined) return undefined;
      return {
        leads: (state) => typeof state !== "string" || canLead(state === "" ? "" : single(state)[0]![1]),
      };
    },
    describe(input, response) {
      if (input.type === "get") return `get ${input.key} ${answerText(response)}`;
      return `${input.type} ${input.key} ${JSON.stringify(input.value)} ${answerText(response)}`;
    },
  };
}

/** Lengths in front, so that no key or value can imitate a border. */
const header = (key: string) => `${key.length}:${key}`;

function holds(state: KvState, key: string, output: string | undefined): boolean {
  if (output === undefined) return false;
  if (typeof state !== "string") return (state.get(key) ?? "") === output;
  const head = header(key);
  if (!state.startsWith(head)) return output === "";
  return state.length === head.length + output.length && state.endsWith(output);
}

function changed(state: KvState, key: string, value: string, append: boolean): KvState {
  const head = header(key);
  if (typeof state === "string" && (state === "" || state.startsWith(head))) {
    if (append && state !== "") return state + value;
    return value === "" ? "" : head + value;
  }
  const values = new Map(entriesOf(state));
  const next = append ? (values.get(key) ?? "") + value : value;
  if (next === "") values.delete(key);
  else values.set(key, next);
  if (values.size > 1) return values;
  for (const [only, text] of values) return header(only) + text;
  return "";
}

function entriesOf(state: KvState): [string, string][] {
  if (typeof state !== "string") return [...state];
  return state === "" ? [] : single(state);
}

function single(state: string): [string, string][] {
  const colon = state.indexOf(":");
  const end = colon + 1 + Number(state.slice(0, colon));
  return [[state.slice(colon + 1, end), state.slice(end)]];
}

function stateKey(state: ReadonlyMap<string, string>): string {
  const keys = [...state.keys()].sort();
  return `*${keys.map((key) => `${header(key)}${header(state.get(key)!)}`).join("")}`;
}
