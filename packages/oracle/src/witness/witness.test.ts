import { describe, expect, it } from "vitest";
import { check } from "../check.ts";
import type { Operation } from "../history.ts";
import { casRegister } from "../models/cas-register.ts";
import { counter } from "../models/counter.ts";
import { guard } from "../models/guard.ts";
import { limit } from "../models/limit.ts";

type Call<I> = Operation<I, number | undefined>;

const call = <I>(id: string, invoke: number, end: number, input: I, output?: number): Call<I> => ({
  id,
  process: id,
  invoke,
  return: end,
  input,
  ...(output !== undefined && { output }),
  outcome: "ok",
});
const witnessOf = (result: ReturnType<typeof check>) => {
  expect(result.verdict).toBe("race");
  return result.witness!;
};
const adds = (count: number) =>
  Array.from({ length: count }, (_, i) => call(`a${i}`, 0, 10, { type: "add" as const, amount: 1 }));

describe("a witness", () => {
  it("counts equal requests", () => {
    const history = [...adds(100), call("r", 11, 12, { type: "read" as const }, 63)];
    const witness = witnessOf(check(counter(), history));
    expect(witness.summary).toBe("64 × add 1 → ok, final read → 63 (36 more make no difference)");
    expect(witness.core).toHaveLength(65);
    expect(witness.groups.map(({ ids, final }) => [ids.length, final])).toEqual([
      [64, false],
      [1, true],
    ]);
  });

  it("is two requests of twenty for a limit of one", () => {
    const takes = Array.from({ length: 20 }, (_, i) => call(`t${i}`, i, 100 + i, { type: "take" as const }));
    const witness = witnessOf(check(limit(1), takes));
    expect(witness).toMatchObject({
      summary: expect.stringMatching(/^2 × take → ok \(\d+ more/),
      minimal: true,
    });
    expect(witness.core).toHaveLength(2);
  });

  it("keeps the writer of a value that was read", () => {
    const history = [
      { ...call("w", 0, 9, { type: "write" as const, value: 1 }), outcome: "unknown" as const },
      call("r1", 10, 11, { type: "read" as const }, 1),
      call("w0", 12, 13, { type: "write" as const, value: 0 }),
      call("r2", 14, 15, { type: "read" as const }, 1),
      call("later", 20, 21, { type: "write" as const, value: 5 }),
    ];
    const witness = witnessOf(check(casRegister(0), history));
    expect(witness.operations.map(({ id }) => id)).toEqual(["w", "r1", "w0", "r2"]);
    expect(witness.core).toEqual(["r1", "w0", "r2"]);
  });

  it("says when its budget ended before it was small", () => {
    const history = [...adds(100), call("r", 11, 12, { type: "read" as const }, 63)];
    const { minimal, core } = witnessOf(check(counter(), history, { witness: { maxConfigs: 0 } }));
    expect(minimal).toBe(false);
    expect(core).toHaveLength(101);
  });

  it("is left out on request", () => {
    expect(
      check(limit(0), [call("t", 0, 1, { type: "take" as const })], { witness: false }),
    ).not.toHaveProperty("witness");
  });
});

describe("an explanation", () => {
  it("shows the longest legal order, and why nothing can follow", () => {
    const take = { type: "call" as const, token: "A", input: { type: "take" as const } };
    const history: Call<unknown>[] = [
      call("t1", 0, 9, take),
      call("revoke", 10, 12, { type: "revoke", token: "A" }),
      call("t2", 14, 16, take),
      call("r", 20, 21, { type: "bypass", input: { type: "read" } }, 2),
    ];
    const { explanation, summary } = witnessOf(check(guard(limit(5)), history as never));
    expect(summary).toBe("revoke A → ok, final take → ok with A (1 more makes no difference)");
    expect(explanation).toMatchInlineSnapshot(`
      {
        "alternatives": [
          {
            "id": "t2",
            "text": "take → ok with A",
            "why": "illegal",
          },
        ],
        "complete": true,
        "initial": "0 of 5 taken",
        "order": [
          {
            "id": "revoke",
            "state": "0 of 5 taken · token A is revoked",
            "text": "revoke A → ok",
          },
        ],
        "stuck": {
          "id": "t2",
          "text": "take → ok with A",
        },
        "words": "The longest legal order has 1 operation: revoke A → ok; state 0 of 5 taken · token A is revoked.
      Next would have to be take → ok with A, and cannot.
      - take → ok with A: is not a legal answer in this state.",
      }
    `);
  });
});
