import { expect, it } from "vitest";
import type { Interleaver, Preemption, SqlStatement } from "../plan/interleaving.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { RaceContext } from "./context.ts";
import { explore } from "./explore.ts";
import type { Prepared, Trial } from "./scenarios/index.ts";

const BUY = "POST /products/{id}/buy";
const statement: SqlStatement = {
  text: "UPDATE products SET sold = sold + $1",
  fingerprint: "buy",
  kind: "write",
  tables: [{ name: "products", use: "write" }],
  statements: 1,
  connection: 1,
};

const interleaver = {
  seen: () => true,
  capture: () => ({ captured: () => [statement], answersBefore: () => [], close: () => {} }),
  record: async () => ({ statements: [], results: [] }),
  plan: async (_script: unknown, held: "first" | "second") => ({
    preemptions: [{ held, before: 1 }],
    skipped: 0,
    uncovered: [],
    inside: [],
    lockable: [],
  }),
  kept: async () => ({ readBy: new Set(), readByEither: new Set(), summed: new Set() }),
  schedule: (preemption: Preemption) => ({
    realisation: () => ({ preemption, realised: true, other: "finished", steps: [], diverged: [] }),
  }),
} as unknown as Interleaver;

/** Of an API with so many left; gives the amounts that were asked for as well. */
async function explored(left: number, amount: number) {
  const amounts: number[] = [];
  const trial = async (schedule: Schedule): Promise<Trial> => {
    amounts.push(schedule.amount);
    const status = schedule.amount > left ? 409 : 201;
    const calls = new Map(["r1", "r2"].map((id) => [id, { operation: BUY, does: "buy", status }]));
    const result = { verdict: "linearizable", stats: { configs: 1, ms: 0 } } as const;
    return { schedule, calls, result, confirm: async () => "same", faults: { faults: 0, sent: 2 } } as never;
  };
  const context = {
    clock: { now: () => 0, sleep: async () => {} },
    signal: new AbortController().signal,
    budget: { spent: 0 },
  } as unknown as RaceContext;
  const base = { transport: "http1", requests: 2, tokens: 1, offsetMs: 0, amount } as Schedule;
  const interleaved = { bases: [base], alike: true, names: [BUY, BUY] } as const;
  const { counts } = await explore(context, interleaver, { trial } as unknown as Prepared, interleaved, {
    end: 1,
  });
  return { counts, amounts };
}

it("asks for as much as is allowed alone, and for little where much is refused", async () => {
  expect(await explored(9, 5)).toMatchObject({ counts: { planned: 1, realised: 1 }, amounts: [5, 5] });
  expect(await explored(2, 5)).toMatchObject({ counts: { planned: 1, realised: 1 }, amounts: [5, 1, 1] });
});

it("plays nothing where the requests are refused one at a time", async () => {
  expect(await explored(0, 5)).toMatchObject({
    counts: { planned: 0, uncovered: ["the requests are refused already one at a time"] },
    amounts: [5, 1],
  });
});
