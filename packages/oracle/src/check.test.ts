import { describe, expect, it } from "vitest";
import { check, checkAsync } from "./check.ts";
import { OracleError } from "./errors.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./model.ts";
import { counter } from "./models/counter.ts";
import { kv } from "./models/kv.ts";
import { register } from "./models/register.ts";
import { isLegalOrder } from "./search/replay.ts";

type CounterOperation = Operation<{ type: "add"; amount: number } | { type: "read" }, number | undefined>;

const add = (id: string, invoke: number, end: number, amount = 1): CounterOperation => ({
  id,
  process: id,
  invoke,
  return: end,
  input: { type: "add", amount },
  outcome: "ok",
});
const read = (id: string, invoke: number, end: number, output: number): CounterOperation => ({
  id,
  process: id,
  invoke,
  return: end,
  input: { type: "read" },
  output,
  outcome: "ok",
});
/** Explodes for any search that has no shortcut: one write for each order of the others. */
const writes = (count: number, lastRead: number) => [
  ...Array.from({ length: count }, (_, i) => ({
    id: `w${i}`,
    process: i,
    invoke: 0,
    return: 10,
    input: { type: "write" as const, value: i },
    outcome: "ok" as const,
  })),
  {
    id: "r",
    process: "r",
    invoke: 11,
    return: 12,
    input: { type: "read" as const },
    output: lastRead,
    outcome: "ok" as const,
  },
];
/** A register without its shortcut. */
const slow = (): ReturnType<typeof register> => {
  const { shortcut: _, ...rest } = register();
  return rest;
};

describe("check", () => {
  it("calls an empty history linearizable", () => {
    expect(check(counter(), [])).toMatchObject({ verdict: "linearizable", linearization: [] });
  });

  it("takes a return at the time of an invoke as concurrent", () => {
    expect(check(counter(), [add("a", 0, 5), read("r", 5, 6, 0)]).verdict).toBe("linearizable");
    expect(check(counter(), [add("a", 0, 5), read("r", 6, 7, 0)]).verdict).toBe("race");
  });

  it("lets a pending operation take effect late, or never", () => {
    const { return: _, ...pending } = { ...add("p", 0, 1), outcome: "unknown" as const };
    const result = check(counter(), [pending, read("r1", 2, 3, 0), read("r2", 4, 5, 1), read("r3", 6, 7, 1)]);
    expect(result.linearization).toEqual(["r1", "p", "r2", "r3"]);
    expect(check(counter(), [pending, read("r1", 2, 3, 1), read("r2", 4, 5, 0)]).verdict).toBe("race");
  });

  it("does not believe the return time of an unknown operation", () => {
    const late = { ...add("p", 0, 1), outcome: "unknown" as const };
    expect(check(counter(), [late, read("r1", 2, 3, 0), read("r2", 4, 5, 1)]).verdict).toBe("linearizable");
  });

  it("keeps a pure operation from being taken for pure in one state only", () => {
    // The write of 1 leaves 1 as it is; placed at once, it could not be where the second read needs it.
    const write = (id: string, value: number, invoke: number, end: number) => ({
      id,
      process: id,
      invoke,
      return: end,
      input: { type: "write" as const, value },
      outcome: "ok" as const,
    });
    const seen = (id: string, output: number, invoke: number) => ({
      id,
      process: "r",
      invoke,
      return: invoke + 1,
      input: { type: "read" as const },
      output,
      outcome: "ok" as const,
    });
    const history = [
      write("a", 1, 0, 1),
      write("b", 1, 2, 20),
      write("c", 2, 3, 20),
      seen("r1", 2, 4),
      seen("r2", 1, 8),
    ];
    expect(check(slow(), history).verdict).toBe("linearizable");
  });

  it("merges the orders of partitions so that real time holds across them", () => {
    const history = Array.from({ length: 40 }, (_, i) => ({
      id: `${i}`,
      process: 0,
      invoke: i * 2,
      return: i * 2 + 1,
      input: { type: "put" as const, key: `k${(i * 7) % 5}`, value: `${i}` },
      outcome: "ok" as const,
    }));
    const { linearization } = check(kv(), history);
    expect(linearization).toEqual(history.map(({ id }) => id));
    expect(isLegalOrder(kv(), history, linearization!)).toBe(true);
  });
});

describe("limits", () => {
  it("ends in unknown at the limit of configurations, not beyond", () => {
    const result = check(slow(), writes(40, 77), { maxConfigs: 500 });
    expect(result).toMatchObject({ verdict: "unknown", stats: { stopped: "configs", configs: 500 } });
  });

  it("ends in unknown at the deadline of the clock passed in", () => {
    let time = 0;
    const result = check(slow(), writes(40, 77), { deadlineMs: 50, now: () => time++ });
    expect(result).toMatchObject({ verdict: "unknown", stats: { stopped: "deadline" } });
  });

  it("ends in unknown at a signal", async () => {
    const stop = new AbortController();
    const running = checkAsync(slow(), writes(40, 77), { signal: stop.signal });
    setTimeout(() => stop.abort());
    expect(await running).toMatchObject({ verdict: "unknown", stats: { stopped: "aborted" } });
    expect(check(slow(), writes(3, 1), { signal: AbortSignal.abort() }).verdict).toBe("unknown");
  });

  it("does not let a hard partition hide a racy one", () => {
    const both: Model<unknown, { register: number } & Record<string, unknown>, unknown> = {
      ...(slow() as never as Model<unknown, never, unknown>),
      partition: ({ register }) => register,
    };
    const history = [
      ...writes(40, 39).map((each) => ({ ...each, input: { ...each.input, register: 1 } })),
      {
        id: "bad",
        process: 0,
        invoke: 0,
        return: 1,
        input: { type: "read", register: 2 },
        output: 5,
        outcome: "ok" as const,
      },
    ];
    const hard = history.map((each) => (each.id === "r" ? { ...each, output: 77 } : each));
    expect(check(both, hard, { maxConfigs: 20_000 }).verdict).toBe("race");
  });

  it("gives the same answer in one go and in slices", async () => {
    const history = [add("a", 0, 9), add("b", 0, 9, 2), read("r", 1, 8, 2), read("s", 10, 11, 3)];
    expect(await checkAsync(counter(), history)).toEqual(check(counter(), history));
  });

  it.each([
    { maxConfigs: -1 },
    { maxConfigs: Number.NaN },
    { deadlineMs: -1, now: () => 0 },
    { deadlineMs: 100 },
    { witness: { maxConfigs: -5 } },
  ])("refuses %j", (options) => {
    const racy = [read("r", 0, 1, 5)];
    expect(() => check(counter(), racy, options)).toThrowError(
      expect.objectContaining({ code: "bad-option" }),
    );
  });
});

describe("bad input", () => {
  const refused = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(OracleError);
      const { code, operation, hint } = error as OracleError;
      expect(hint).not.toBe("");
      return { code, operation };
    }
    throw new Error("was not refused");
  };
  const broken = (change: Partial<Model<number, CounterOperation["input"], number | undefined>>) => {
    const { shortcut: _, foresee: __, ...rest } = counter();
    return { ...rest, ...change };
  };
  const two = [add("a", 0, 1), add("b", 2, 3)];

  it.each([
    ["return-before-invoke", [add("ok", 0, 1), add("x", 5, 4)]],
    ["duplicate-id", [add("x", 0, 1), add("x", 2, 3)]],
    ["bad-time", [add("x", Number.NaN, 4)]],
    ["bad-time", [add("x", 0, Number.NaN)]],
    ["bad-outcome", [{ ...add("x", 0, 1), outcome: "fine" as "ok" }]],
    [
      "answer-without-return",
      [{ id: "x", process: 0, invoke: 0, input: { type: "read" as const }, outcome: "ok" as const }],
    ],
    ["model-unknown-input", [{ ...add("x", 0, 1), input: { type: "inc" } as never }]],
  ])("is refused as %s, naming the operation", (code, history) => {
    expect(refused(() => check(counter(), history))).toEqual({ code, operation: "x" });
  });

  it("names the operation at which a model throws", () => {
    const model = broken({
      step: (state, input) => {
        if (input.type === "add") throw new TypeError("boom");
        return state;
      },
    });
    expect(refused(() => check(model, two))).toEqual({ code: "model-threw", operation: "a" });
    const throws = () => {
      throw new Error("boom");
    };
    expect(refused(() => check(broken({ key: throws }), two)).code).toBe("model-threw");
    expect(refused(() => check(broken({ pure: throws }), two))).toEqual({
      code: "model-threw",
      operation: "a",
    });
    expect(refused(() => check(broken({ partition: throws }), two))).toEqual({
      code: "model-threw",
      operation: "a",
    });
  });

  it("notices a model that does not give the same result twice", () => {
    let calls = 0;
    const model = broken({ step: (state) => state + (calls++ % 3) });
    expect(refused(() => check(model, two))).toEqual({ code: "model-nondeterministic", operation: "a" });
  });

  it("notices a model that changes its states", () => {
    const model: Model<{ value: number }, CounterOperation["input"], number | undefined> = {
      name: "mutating",
      init: () => ({ value: 0 }),
      step(state, input) {
        if (input.type === "add") state.value += input.amount;
        return state;
      },
      key: ({ value }) => value,
      pure: ({ type }) => type === "read",
    };
    expect(refused(() => check(model, two))).toEqual({ code: "model-impure", operation: "a" });
  });

  it("notices a shortcut that denies a legal order", () => {
    const shortcut = () => ({ verdict: "race" as const, operations: ["a"], because: "no" });
    expect(refused(() => check(broken({ shortcut }), two)).code).toBe("model-shortcut-wrong");
  });

  it("notices a pure operation that is not", () => {
    expect(refused(() => check(broken({ pure: () => true }), two))).toEqual({
      code: "model-pure-wrong",
      operation: "a",
    });
  });
});
