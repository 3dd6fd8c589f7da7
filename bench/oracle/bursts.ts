import type { History, Model, Operation } from "../../packages/oracle/src/index.ts";
import {
  counter,
  guard,
  kv,
  limit,
  owned,
  register,
  set,
  transfer,
} from "../../packages/oracle/src/index.ts";

/** Repeatable random numbers in [0, 1) (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What is sent in a burst: a model, its mutating requests (three at most) and a read. */
export interface Family {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: families of all models in one list
  readonly model: Model<any, any, any>;
  readonly changes: readonly unknown[];
  readonly read: unknown;
  /** The answers to try, most telling first. */
  answers(input: unknown, state: never): readonly { outcome: "ok" | "rejected"; output?: unknown }[];
}

const ok = (output?: unknown) => ({ outcome: "ok" as const, output });
const okOrNot = [ok(), { outcome: "rejected" as const }];
const isRead = (input: unknown) => (input as { type: string }).type === "read";

export const families: readonly Family[] = [
  {
    name: "counter, add 1 2 3",
    model: counter(),
    changes: [1, 2, 3].map((amount) => ({ type: "add", amount })),
    read: { type: "read" },
    answers: (input, state) => (isRead(input) ? [ok(state)] : [ok()]),
  },
  {
    name: "limit 50, take",
    model: limit(50),
    changes: [{ type: "take" }],
    read: { type: "read" },
    answers: (input, state) => (isRead(input) ? [ok(state)] : okOrNot),
  },
  {
    name: "register, write 1 2 3",
    model: register(),
    changes: [1, 2, 3].map((value) => ({ type: "write", value })),
    read: { type: "read" },
    answers: (input, state) => (isRead(input) ? [ok(state)] : [ok()]),
  },
  {
    name: "guard(limit 50), take, revoke",
    model: guard(limit(50)),
    changes: [
      ...Array.from({ length: 19 }, () => ({ type: "call", token: "A", input: { type: "take" } })),
      { type: "revoke", token: "A" },
    ],
    read: { type: "bypass", input: { type: "read" } },
    answers: (input, state: { inner: number }) =>
      (input as { type: string }).type === "bypass" ? [ok(state.inner)] : okOrNot,
  },
  {
    name: "guard(counter), add 1 2, revoke",
    model: guard(counter()),
    changes: [
      ...Array.from({ length: 20 }, (_, i) => ({
        type: "call",
        token: "A",
        input: { type: "add", amount: 1 + (i % 2) },
      })),
      { type: "revoke", token: "A" },
    ],
    read: { type: "bypass", input: { type: "read" } },
    answers: (input, state: { inner: number }) =>
      (input as { type: string }).type === "bypass" ? [ok(state.inner)] : okOrNot,
  },
  {
    name: "owned, claim x y, release x",
    model: owned(),
    changes: [
      { type: "claim", owner: "x" },
      { type: "claim", owner: "y" },
      { type: "release", owner: "x" },
    ],
    read: { type: "read" },
    answers: (input, state: { owner: string | null }) => (isRead(input) ? [ok(state.owner)] : okOrNot),
  },
  {
    name: "transfer, 3 amounts",
    model: transfer({ a: 100, b: 50 }),
    changes: [
      { type: "transfer", from: "a", amount: 7 },
      { type: "transfer", from: "b", amount: 5 },
      { type: "transfer", from: "a", amount: 2 },
    ],
    read: { type: "read" },
    answers: (input, state) => (isRead(input) ? [ok(state)] : okOrNot),
  },
  {
    name: "set, add remove",
    model: set(),
    changes: [
      { type: "add", value: 1 },
      { type: "remove", value: 1 },
    ],
    read: { type: "has", value: 1 },
    answers: (input, state: ReadonlySet<number>) =>
      (input as { type: string }).type === "has" ? [ok(state.has(1))] : [ok(true), ok(false)],
  },
];

const many = Array.from({ length: 200 }, (_, index) => index + 1);

/** Changes that are all different, which no symmetry helps with. */
export const distinctFamilies: readonly Family[] = [
  {
    name: "register, 200 values",
    model: register(),
    changes: many.map((value) => ({ type: "write", value })),
    read: { type: "read" },
    answers: (input, state) => (isRead(input) ? [ok(state)] : [ok()]),
  },
  {
    name: "counter, 200 amounts",
    model: counter(),
    changes: many.map((amount) => ({ type: "add", amount })),
    read: { type: "read" },
    answers: (input, state) => (isRead(input) ? [ok(state)] : [ok()]),
  },
  {
    name: "counter, 200 amounts, answered",
    model: counter(),
    changes: many.map((amount) => ({ type: "add", amount })),
    read: { type: "read" },
    answers: (input, state) => [ok(state + ((input as { amount?: number }).amount ?? 0))],
  },
  {
    name: "kv, 200 appends",
    model: kv(),
    changes: many.map((value) => ({ type: "append", key: "k", value: `${value};` })),
    read: { type: "get", key: "k" },
    answers: (input, state: string) => [
      ok((input as { type: string }).type === "get" ? state.slice(3) : undefined),
    ],
  },
];

export interface BurstShape {
  readonly requests: number;
  /** Share of requests without an answer. */
  readonly pending: number;
  /** Share of reads among the concurrent requests. */
  readonly reads: number;
  /** Length of the requests' intervals; arrivals are spread over [0, 1). */
  readonly length: number;
  /** Whether the read after it answers the state before it: a race, unless nothing changed. */
  readonly stale: boolean;
  /** Requests that take effect on a state that is out of date. */
  readonly lost: number;
}

/**
 * One burst and a read after it, as an API would answer: each request takes effect at a moment of its
 * own; `lost` of them read the state, and write it back after others wrote theirs.
 */
export function burst(family: Family, shape: BurstShape, next: () => number): History<unknown, unknown> {
  const calls = Array.from({ length: shape.requests }, (_, index) => {
    const invoke = next();
    const length = shape.length * (0.5 + next());
    const picked =
      family.changes.length < shape.requests ? Math.floor(next() * family.changes.length) : index;
    const input = next() < shape.reads ? family.read : family.changes[picked]!;
    return { index, input, invoke, end: invoke + length, at: invoke + length * next(), fate: next() };
  });
  const lost = new Set(calls.slice(0, shape.lost).map(({ index }) => index));
  calls.sort((a, b) => a.at - b.at);
  let state = family.model.init();
  let stale = state;
  const operations: Operation<unknown, unknown>[] = [];
  const run = (index: number, input: unknown, invoke: number, end: number, isPending: boolean) => {
    const seen = lost.has(index) ? stale : state;
    const answer = family
      .answers(input, seen as never)
      .find(({ outcome, output }) => family.model.step(seen, input, { outcome, output }) !== undefined)!;
    const after = family.model.step(seen, input, { outcome: answer.outcome, output: answer.output })!;
    stale = state;
    const base = { id: `r${index}`, process: index, invoke, input };
    if (isPending) {
      // Half of those without an answer took effect.
      if (end * 1000 - Math.floor(end * 1000) < 0.5) state = after;
      operations.push({ ...base, outcome: "unknown" });
      return;
    }
    state = after;
    operations.push({ ...base, return: end, ...answer });
  };
  for (const { index, input, invoke, end, fate } of calls)
    run(index, input, invoke, end, fate < shape.pending);
  if (shape.stale) state = family.model.init();
  run(shape.requests, family.read, 10, 11, false);
  return operations;
}
