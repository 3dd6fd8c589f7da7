import type { Model } from "../model.ts";
import {
  casRegister,
  counter,
  guard,
  kv,
  limit,
  owned,
  register,
  replayed,
  set,
  tolerant,
  transfer,
} from "../models/index.ts";

/** A model with few inputs and the answers each may plausibly get. */
export interface Subject {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: subjects of all models in one list
  readonly model: Model<any, any, any>;
  readonly inputs: readonly unknown[];
  answers(
    input: never,
    state: never,
  ): readonly { readonly outcome: "ok" | "rejected"; readonly output?: unknown }[];
}

const ok = (output?: unknown) => ({ outcome: "ok" as const, output });
const rejected = { outcome: "rejected" as const };
const upTo = (n: number) => Array.from({ length: n + 1 }, (_, i) => ok(i));

const counterAnswers = ({ type }: { type: string }) =>
  type === "add" ? [ok(), rejected] : [...upTo(6), ok(-1), rejected];
const limitAnswers = ({ type }: { type: string }) =>
  type === "take" ? [ok(), rejected] : [...upTo(3), rejected];
const registerAnswers = ({ type }: { type: string }) =>
  type === "read"
    ? [ok(null), ok(1), ok(2), ok(3), ok(4), ok(5)]
    : type === "write"
      ? [ok()]
      : [ok(), rejected];
const takes = [{ type: "take" }, { type: "take" }, { type: "read" }];

function guarded(name: string, inner: Subject): Subject {
  const inputs = inner.inputs.flatMap((input) => [
    { type: "call", token: "A", input },
    { type: "call", token: "A", input },
    { type: "bypass", input },
  ]);
  return {
    name,
    model: guard(inner.model),
    inputs: [
      ...inputs,
      { type: "call", token: "B", input: inner.inputs[0] },
      { type: "revoke", token: "A" },
      { type: "expire", token: "A" },
      { type: "rotate", token: "A" },
    ],
    answers: (input: { type: string; input: never }, state: { inner: never }) => {
      if (input.type === "call") return [...inner.answers(input.input, state.inner), rejected];
      if (input.type === "bypass") return inner.answers(input.input, state.inner);
      return input.type === "rotate" ? [ok("B"), ok("C"), ok(), rejected] : [ok(), rejected];
    },
  };
}

const limit2: Subject = { name: "limit-2", model: limit(2), inputs: takes, answers: limitAnswers };
const counterBlind: Subject = {
  name: "counter",
  model: counter(),
  inputs: [{ type: "add", amount: 1 }, { type: "add", amount: 2 }, { type: "read" }],
  answers: counterAnswers,
};
const writes = [1, 2].map((value) => ({ type: "write", value }));
const registerFew: Subject = {
  name: "register",
  model: register(),
  inputs: [...writes, { type: "read" }],
  answers: registerAnswers,
};
const ownedTwo: Subject = {
  name: "owned",
  model: owned(),
  inputs: [
    ...["x", "y"].flatMap((owner) => ["claim", "release", "use"].map((type) => ({ type, owner }))),
    { type: "give", owner: "x", to: "y" },
    { type: "read" },
  ],
  answers: ({ type }: { type: string }) =>
    type === "read" ? [ok(null), ok("x"), ok("y")] : [ok(), rejected],
};
const states = { "": "0", a: "1", b: "2", "a b": "1", "b a": "3", "a a": "4" };
const replayedPair: Subject = {
  name: "replayed",
  model: replayed(),
  inputs: [
    { type: "call", name: "a", acknowledged: ["", "b", "a"] },
    { type: "call", name: "b", acknowledged: [""] },
    { type: "read", states },
  ],
  answers: ({ type }: { type: string }) =>
    type === "read" ? ["0", "1", "2", "3", "4", "other"].map((state) => ok(state)) : [ok(), rejected],
};
const transferSmall: Subject = {
  name: "transfer",
  model: transfer({ a: 3, b: 1 }),
  inputs: [
    { type: "transfer", from: "a", amount: 2 },
    { type: "transfer", from: "b", amount: 1 },
    { type: "transfer", from: "a", amount: 1 },
    { type: "read" },
    { type: "balance", account: "a" },
  ],
  answers: ({ type }: { type: string }) => {
    if (type === "transfer") return [ok(), rejected];
    return type === "read" ? [0, 1, 2, 3, 4].map((a) => ok({ a, b: 4 - a })) : upTo(4);
  },
};

/** Every model and composition that the random histories are made for. */
export const subjects: readonly Subject[] = [
  counterBlind,
  {
    name: "counter-returning",
    model: counter(),
    inputs: [{ type: "add", amount: 1 }, { type: "add", amount: 2 }, { type: "read" }],
    answers: ({ type }: { type: string }) => (type === "add" ? [...upTo(6), ok()] : upTo(6)),
  },
  {
    name: "counter-distinct",
    model: counter(1),
    inputs: [
      ...[1, 3, 5, -2, 0].map((amount) => ({ type: "add", amount })),
      { type: "read" },
      { type: "read" },
    ],
    answers: ({ type }: { type: string }) => (type === "add" ? [ok()] : [...upTo(9), ok(-1)]),
  },
  limit2,
  { ...limit2, name: "tolerant-limit-1", model: tolerant(limit(1)) },
  registerFew,
  {
    name: "register-distinct",
    model: register(),
    inputs: [
      ...[1, 2, 3, 4, 5].map((value) => ({ type: "write", value })),
      { type: "read" },
      { type: "read" },
      { type: "read" },
    ],
    answers: registerAnswers,
  },
  {
    name: "cas-register",
    model: casRegister(),
    inputs: [
      ...writes,
      { type: "read" },
      { type: "cas", from: 1, to: 2 },
      { type: "cas", from: 2, to: 1 },
      { type: "cas", from: 2, to: 2 },
      { type: "cas", from: null, to: 1 },
    ],
    answers: registerAnswers,
  },
  {
    name: "kv",
    model: kv(),
    inputs: ["k", "l"].flatMap((key) => [
      { type: "get", key },
      { type: "get", key },
      { type: "put", key, value: "a" },
      { type: "append", key, value: "a" },
      { type: "append", key, value: "b" },
    ]),
    answers: ({ type }: { type: string }) =>
      type === "get" ? ["", "a", "b", "ab", "ba", "aa", "aab"].map(ok) : [ok()],
  },
  {
    name: "kv-distinct",
    model: kv(),
    inputs: [
      ...["a", "b", "c", "d"].map((value) => ({ type: "append", key: "k", value: `${value}.` })),
      { type: "put", key: "k", value: "e." },
      { type: "put", key: "k", value: "f." },
      { type: "get", key: "k" },
      { type: "get", key: "k" },
      { type: "get", key: "k" },
    ],
    answers: ({ type }: { type: string }, state: string) => {
      const value = state.slice(3);
      return type === "get"
        ? [value, value.slice(0, -2), `${value}a.`, "e.a.", "a.b.", "b.a."].map(ok)
        : [ok()];
    },
  },
  {
    name: "set",
    model: set(),
    inputs: ["add", "remove", "has"].flatMap((type) => [
      { type, value: 1 },
      { type, value: "1" },
    ]),
    answers: ({ type }: { type: string }) =>
      type === "has" ? [ok(true), ok(false)] : [ok(true), ok(false), ok()],
  },
  ownedTwo,
  replayedPair,
  transferSmall,
  {
    name: "counter-sums",
    model: counter(),
    inputs: [
      ...[3, 5, 7, 11, 2, 2].map((amount) => ({ type: "add", amount })),
      { type: "read" },
      { type: "read" },
      { type: "read" },
    ],
    answers: ({ type }: { type: string }, state: number) =>
      type === "add" ? [ok()] : [0, 2, -3, 5, -7].map((off) => ok(state + off)),
  },
  guarded("guard-counter-sums", {
    name: "",
    model: counter(),
    inputs: [...[3, 5, 2].map((amount) => ({ type: "add", amount })), { type: "read" }],
    answers: ({ type }: { type: string }, state: number) =>
      type === "add" ? [ok(state + 3), ok(state + 5), ok(), ok()] : [0, 2, -3].map((off) => ok(state + off)),
  }),
  guarded("guard-limit", limit2),
  guarded("guard-counter", counterBlind),
  guarded("guard-register", registerFew),
  guarded("guard-owned", ownedTwo),
  guarded("guard-transfer", transferSmall),
  guarded("guard-tolerant-limit", { ...limit2, model: tolerant(limit(1)) }),
];
