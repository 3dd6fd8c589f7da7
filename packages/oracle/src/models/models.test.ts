import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyOf } from "../testing/arbitrary.ts";
import { subjects } from "../testing/subjects.ts";
import {
  guard,
  kv,
  limit,
  modelNamed,
  modelNames,
  owned,
  replayed,
  set,
  tolerant,
  transfer,
} from "./index.ts";
import { maybeSubsetSum } from "./subset-sums.ts";

const ok = (output?: unknown) => ({ outcome: "ok" as const, output }) as never;
const rejected = { outcome: "rejected" as const, output: undefined };

describe("every model keeps its promises", () => {
  for (const { name, model, answers } of subjects) {
    it(name, () => {
      fc.assert(
        fc.property(
          historyOf({ name, model, answers, inputs: subjects.find((s) => s.name === name)!.inputs }),
          (history) => {
            let state = model.init();
            for (const { input } of history) {
              const unknown = model.step(state, input, undefined);
              for (const { outcome, output } of answers(input as never, state as never)) {
                const after = model.step(state, input, { outcome, output });
                if (after === undefined) continue;
                const changes = model.key(after) !== model.key(state);
                if (model.pure(input, { outcome, output })) expect(changes).toBe(false);
                // A rotation whose answer is unknown knows less; all others reach the same state.
                if (changes && (input as { type: string }).type !== "rotate") {
                  expect(unknown).toBeDefined();
                  expect(model.key(unknown)).toBe(model.key(after));
                }
              }
              expect(model.describe?.(input, undefined)).toBeTypeOf("string");
              state = unknown ?? state;
            }
          },
        ),
        { numRuns: 50 },
      );
    });
  }
});

describe("a state in words", () => {
  const after = (name: string, ...inputs: readonly unknown[]) => {
    const model = modelNamed(name);
    const end = inputs.reduce((state, input) => model.step(state, input, undefined), model.init());
    return model.show?.(end) ?? String(model.key(end));
  };

  it.each([
    ["counter", "5", { type: "add", amount: 5 }],
    ["limit:2", "1 of 2 taken", { type: "take" }],
    ["register", '"a"', { type: "write", value: "a" }],
    ["cas-register", "null"],
    ["owned", "free"],
    ["owned", "of ann", { type: "claim", owner: "ann" }],
    ["transfer:100:50", "a 70, b 80", { type: "transfer", from: "a", amount: 30 }],
    ["set", '{1, "1"}', { type: "add", value: 1 }, { type: "add", value: "1" }],
    ["kv", ""],
    ["kv", 'x = "1:2"', { type: "put", key: "x", value: "1:2" }],
    ["kv", 'x = "1", y = "2"', { type: "put", key: "x", value: "1" }, { type: "put", key: "y", value: "2" }],
    ["replayed", "after nothing"],
    ["replayed", "after a", { type: "call", name: "a", acknowledged: [] }],
    [
      "guard:counter",
      "3 · token A is revoked",
      { type: "call", token: "A", input: { type: "add", amount: 3 } },
      { type: "revoke", token: "A" },
    ],
    ["guard:limit:1", "0 of 1 taken · token A is rotated", { type: "rotate", token: "A" }],
    ["tolerant:limit:1", "1 of 1 taken", { type: "take" }],
  ])("of %s: %s", (name, words, ...inputs) => {
    expect(after(name, ...inputs)).toBe(words);
  });
});

describe("replayed", () => {
  const model = replayed();
  // One at a time: b is refused after a, a is not after b.
  const a = { type: "call" as const, name: "a", acknowledged: ["", "b"] };
  const b = { type: "call" as const, name: "b", acknowledged: [""] };
  const read = { type: "read" as const, states: { "": "0", a: "1", b: "2", "a b": "1", "b a": "3" } };

  it("allows just what was seen after the same sequence", () => {
    const afterA = model.step("", a, ok())!;
    expect(model.step(afterA, b, ok())).toBeUndefined();
    expect(model.step(afterA, b, rejected)).toBe("a b");
    expect(model.step("", b, rejected)).toBeUndefined();
    expect(model.step("b a", read, ok("3"))).toBe("b a");
    expect(model.step("b a", read, ok("1"))).toBeUndefined();
  });

  it("knows nothing of sequences that were not made", () => {
    expect(model.step("a a", read, ok("1"))).toBeUndefined();
    expect(model.step("toString", read, ok("1"))).toBeUndefined();
    expect(model.step("a", a, ok())).toBeUndefined();
  });
});

describe("guard", () => {
  const model = guard(limit(1));
  const take = { type: "call" as const, token: "A", input: { type: "take" as const } };
  const start = model.init();
  const revoked = model.step(start, { type: "revoke", token: "A" }, ok())!;

  it("accepts a call only while its token is valid and the inner model accepts", () => {
    const taken = model.step(start, take, ok())!;
    expect(model.step(taken, take, ok())).toBeUndefined();
    expect(model.step(revoked, take, ok())).toBeUndefined();
    expect(model.step(revoked, { ...take, token: "B" }, ok())).toBeDefined();
  });

  it("rejects only where the token is invalid or the inner model rejects", () => {
    expect(model.step(start, take, rejected)).toBeUndefined();
    expect(model.step(revoked, take, rejected)).toBe(revoked);
    expect(model.step(model.step(start, take, ok())!, take, rejected)).toBeDefined();
    expect(tolerant(model).step(start, take, rejected)).toBe(start);
  });

  it("lets other credentials pass", () => {
    expect(model.step(revoked, { type: "bypass", input: { type: "take" } }, ok())?.inner).toBe(1);
  });

  it("gives the loser of a rotation the winner's token, and no other", () => {
    const rotate = { type: "rotate" as const, token: "A" };
    const rotated = model.step(start, rotate, ok("B"))!;
    expect(model.step(rotated, rotate, ok("B"))).toBe(rotated);
    expect(model.step(rotated, rotate, ok("C"))).toBeUndefined();
    expect(model.step(rotated, rotate, rejected)).toBe(rotated);
    expect(model.step(rotated, take, ok())).toBeUndefined();
    expect(model.step(rotated, { ...take, token: "B" }, ok())).toBeDefined();
  });
});

describe("kv", () => {
  it("keeps keys and values apart", () => {
    const put = (state: ReturnType<ReturnType<typeof kv>["init"]>, key: string, value: string) =>
      kv().step(state, { type: "put", key, value }, ok())!;
    const { init, key, step } = kv();
    const one = put(put(init(), "a", "1"), "b", "2");
    expect(key(one)).toBe(key(put(put(init(), "b", "2"), "a", "1")));
    expect(key(put(put(one, "a", ""), "b", ""))).toBe(key(init()));
    expect(key(put(init(), "1:a", "x"))).not.toBe(key(put(init(), "1", ":ax")));
    expect(step(one, { type: "get", key: "a" }, ok("1"))).toBe(one);
    expect(step(one, { type: "get", key: "c" }, ok(""))).toBe(one);
    expect(step(put(init(), "a", "x"), { type: "get", key: "aa" }, ok("x"))).toBeUndefined();
  });
});

describe("others", () => {
  it("owned: only one owner", () => {
    const taken = owned().step({ owner: null }, { type: "claim", owner: "x" }, ok())!;
    expect(owned().step(taken, { type: "claim", owner: "y" }, ok())).toBeUndefined();
    expect(owned().step(taken, { type: "use", owner: "y" }, rejected)).toBe(taken);
  });

  it("transfer: nothing below the floor", () => {
    const model = transfer({ a: 5, b: 0 }, 1);
    const pay = (amount: number) => ({ type: "transfer" as const, from: "a" as const, amount });
    expect(model.step({ a: 5, b: 0 }, pay(4), ok())).toEqual({ a: 1, b: 4 });
    expect(model.step({ a: 5, b: 0 }, pay(5), ok())).toBeUndefined();
    expect(model.step({ a: 5, b: 0 }, pay(4), rejected)).toBeUndefined();
  });

  it('set: 1 and "1" are different', () => {
    const one = set().step(new Set(), { type: "add", value: 1 }, ok(true))!;
    expect(set().step(one, { type: "has", value: "1" }, ok(true))).toBeUndefined();
    expect(set().key(one)).not.toBe(set().key(new Set(["1"])));
  });

  it("refuse what they do not know", () => {
    expect(() => limit(1.5)).toThrowError(/whole number/);
    expect(
      modelNames.filter((name) => !name.includes(":")).map((name) => modelNamed(name).name),
    ).toHaveLength(7);
    expect(modelNamed("transfer:10:5:-3").init()).toEqual({ a: 10, b: 5 });
  });
});

it("maybeSubsetSum never denies a sum", () => {
  const items = fc.array(fc.integer({ min: -9, max: 30 }), { maxLength: 9 });
  fc.assert(
    fc.property(items, fc.integer({ min: -40, max: 200 }), (all, target) => {
      const sums = new Set([0]);
      for (const item of all) for (const sum of [...sums]) sums.add(sum + item);
      expect(maybeSubsetSum(target, all)).toBe(sums.has(target));
    }),
    { numRuns: 300 },
  );
});
