import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordedCall, RuntimeEvidence } from "../types.ts";
import { layOut, WIDTH } from "./layout.ts";
import { stepsOf } from "./steps.ts";

const call = (id: string, invoke: number, end?: number, process = id): RecordedCall => ({
  id,
  process,
  operation: "POST /x",
  does: "add 1",
  invoke,
  ...(end === undefined ? {} : { return: end, status: 200 }),
  input: {},
  outcome: end === undefined ? "unknown" : "ok",
});

function evidenceOf(
  history: readonly RecordedCall[],
  order: readonly string[],
  stuck = "read",
): RuntimeEvidence {
  return {
    kind: "runtime",
    form: "history",
    summary: "",
    model: "counter",
    transport: "http2",
    trial: 0,
    schedule: { transport: "http2", requests: 2, amount: 1, tokens: 1, offsetMs: 0 },
    history,
    witness: [...order, stuck],
    impossible: stuck,
    explanation: "",
    controls: [],
    order: {
      initial: "0",
      complete: true,
      steps: order.map((id, at) => ({ id, text: "add 1 → ok", state: String(at + 1) })),
      left: [{ id: stuck, text: "read → 1", why: "illegal" }],
    },
  };
}

const sample = evidenceOf(
  [call("r1", -2, 20), call("r2", -1, 18), call("r3", 0), call("read", 21, 25, "observer")],
  ["r1", "r2"],
);

describe("where everything is", () => {
  it("the witness comes first, what is pending has no end, others are left out unless asked for", () => {
    const all = layOut(sample, "time", true);
    expect(all.lanes).toEqual(["r1", "r2", "observer", "r3"]);
    expect(all.bars.find((one) => one.call.id === "r3")).toMatchObject({
      open: true,
      core: false,
      to: WIDTH,
    });
    expect(all.stuck).toMatchObject({ id: "read", lane: 2 });
    expect(layOut(sample, "time", false)).toMatchObject({ hidden: 1, lanes: ["r1", "r2", "observer"] });
  });

  it("times are proportional on one axis, and a step each on the other", () => {
    const from = (axis: "time" | "order") => layOut(sample, axis, true).bars.map((one) => one.from);
    const [r1 = 0, r2 = 0, r3 = 0, read = 0] = from("time");
    expect((read - r1) / (r2 - r1)).toBeCloseTo(23);
    expect(r3 - r2).toBeCloseTo(r2 - r1);
    // -2, -1, 0, 18, 20, 21, 25: six steps.
    expect(from("order").map((one) => Math.round((one / WIDTH) * 6))).toEqual([0, 1, 2, 5]);
  });

  it("points of a legal order lie in their bars and never go back, on either axis", () => {
    const times = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(times, fc.constantFrom("time" as const, "order" as const), (spans, axis) => {
        const history = spans.map(([from, length], at) => call(`r${at}`, from, from + length + 1));
        // By return is an order that respects real time.
        const order = [...history].sort((a, b) => (a.return ?? 0) - (b.return ?? 0)).map((one) => one.id);
        const { points, bars } = layOut(evidenceOf(history, order, "none"), axis, true);
        expect(points).toHaveLength(history.length);
        for (const [at, point] of points.entries()) {
          const bar = bars.find((one) => one.call.id === point.id)!;
          expect(point.x).toBeGreaterThanOrEqual(bar.from - 1e-9);
          expect(point.x).toBeLessThanOrEqual(bar.to + 1e-9);
          expect(point.x).toBeGreaterThanOrEqual((points[at - 1]?.x ?? 0) - 1e-9);
        }
        for (const { from, to, label } of bars) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(WIDTH + 2);
          expect(label.room).toBeLessThanOrEqual(WIDTH);
        }
      }),
    );
  });
});

describe("stepping", () => {
  it("goes from the state before through each call to the one that cannot follow", () => {
    expect(stepsOf(sample)).toEqual([
      { state: "0", words: "Before the first call", wrong: false },
      { id: "r1", state: "1", words: "1. r1: add 1 → ok", wrong: false },
      { id: "r2", state: "2", words: "2. r2: add 1 → ok", wrong: false },
      {
        id: "read",
        state: "2",
        words: "read (read → 1) cannot come next: its answer is not possible in this state.",
        wrong: true,
      },
    ]);
  });

  it("a proof without an order has no steps", () => {
    const { order: _, ...bare } = sample;
    expect(stepsOf(bare)).toEqual([]);
    expect(layOut(bare, "time", true).points).toEqual([]);
  });
});

it("labels of one lane never meet", () => {
  const spans = fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(spans, (list) => {
      // One process does one thing at a time.
      let at = 0;
      const history = list.map(([gap, length], number) => {
        const from = at + gap;
        at = from + length + 1;
        return call(`r${number}`, from, at, "observer");
      });
      const { bars } = layOut(evidenceOf(history, [], "none"), "time", true);
      const taken = bars.map(({ label: { x, anchor, room } }) =>
        anchor === "start" ? [x, x + room] : [x - room, x],
      );
      for (const [number, [from = 0, to = 0]] of taken.entries()) {
        expect(to).toBeGreaterThanOrEqual(from - 1e-9);
        expect(from).toBeGreaterThanOrEqual((taken[number - 1]?.[1] ?? 0) - 1e-9);
      }
    }),
  );
});
