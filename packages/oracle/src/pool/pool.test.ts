import { describe, expect, it } from "vitest";
import { OracleError } from "../errors.ts";
import type { Operation } from "../history.ts";
import { kv } from "../models/kv.ts";
import { isLegalOrder } from "../search/replay.ts";
import { checkInPool } from "./index.ts";

function keys(
  count: number,
  lastAnswer: string,
): Operation<{ type: string; key: string; value?: string }, string>[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => [
    {
      id: `w${index}`,
      process: 0,
      invoke: index,
      return: index + 5,
      input: { type: "put", key: `k${index}`, value: "v" },
      outcome: "ok" as const,
    },
    {
      id: `r${index}`,
      process: 1,
      invoke: index + 6,
      return: index + 7,
      input: { type: "get", key: `k${index}` },
      output: index === count - 1 ? lastAnswer : "v",
      outcome: "ok" as const,
    },
  ]);
}

describe("checkInPool", () => {
  it("gives one order of the whole history", async () => {
    const history = keys(9, "v");
    const result = await checkInPool("kv", history, { threads: 2 });
    expect(result.verdict).toBe("linearizable");
    expect(isLegalOrder(kv(), history as never, result.linearization ?? [])).toBe(true);
  });

  it("finds the race in one of many partitions", async () => {
    const result = await checkInPool("kv", keys(9, "stale"), { threads: 2 });
    expect(result.verdict).toBe("race");
    expect(result.witness?.core).toContain("r8");
  });

  it("loads a model from a module", async () => {
    const module = new URL("../models/kv.ts", import.meta.url).href;
    const result = await checkInPool({ module, export: "kv" }, keys(3, "v"), { threads: 2 });
    expect(result.verdict).toBe("linearizable");
  });

  it("hands errors on with their operation", async () => {
    const history = [
      { id: "odd", process: 0, invoke: 0, return: 1, input: { type: "swap" }, outcome: "ok" as const },
    ];
    const error = await checkInPool("counter", history).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OracleError);
    expect(error).toMatchObject({ code: "model-unknown-input", operation: "odd" });
  });

  it("says so when a history cannot be sent", async () => {
    const input = { type: "get", key: "k", call: () => 1 };
    const history = [
      { id: "f", process: 0, invoke: 0, return: 1, input, output: "", outcome: "ok" as const },
    ];
    await expect(checkInPool("kv", history)).rejects.toMatchObject({ code: "pool-failed" });
  });

  it("stops at a signal", async () => {
    const result = await checkInPool("kv", keys(3, "v"), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ verdict: "unknown", stats: { stopped: "aborted" } });
  });

  it("has an answer for an empty history", async () => {
    expect((await checkInPool("kv", [])).verdict).toBe("linearizable");
  });
});
