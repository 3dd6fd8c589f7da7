import { describe, expect, it } from "vitest";
import type { CustomScenario } from "../../plan/custom.ts";
import { seededRandom } from "../../random.ts";
import { transports } from "../transport/index.ts";
import { assertFits, scheduleOf } from "./schedule.ts";

const step = {
  name: "a",
  place: "",
  token: 1,
  request: { method: "POST", path: "/", headers: {} },
  extract: {},
};
const scenario = {
  concurrent: [
    { ...step, count: 2, offsetMs: [0, 0] },
    { ...step, count: 2, offsetMs: [5, 9] },
  ],
} as unknown as CustomScenario;
const seeded = (seed: number) => ({
  transports,
  randomOf: (index: number) => seededRandom(1000 * seed + index),
});
const schedules = (seed: number) =>
  Array.from({ length: 12 }, (_, index) => scheduleOf(seeded(seed), scenario, index));

describe("what a trial sends", () => {
  it("is the same by the same seed, and other orders and offsets by another", () => {
    expect(schedules(1)).toEqual(schedules(1));
    expect(schedules(2).map((one) => one.order)).not.toEqual(schedules(1).map((one) => one.order));
    expect(schedules(2).map((one) => one.offsetsMs)).not.toEqual(schedules(1).map((one) => one.offsetsMs));
  });

  it("takes each transport in its turn, first in the listed order, and offsets from their ranges", () => {
    const all = schedules(3);
    expect(all.slice(0, 4).map((one) => one.transport)).toEqual(["http2", "http1", "http2", "http2"]);
    for (const { order } of all.slice(0, 2)) expect(order).toEqual([0, 1, 2, 3]);
    for (const { offsetsMs, order } of all) {
      expect([...order].sort()).toEqual([0, 1, 2, 3]);
      expect(offsetsMs.slice(0, 2)).toEqual([0, 0]);
      for (const offset of offsetsMs.slice(2)) {
        expect(offset).toBeGreaterThanOrEqual(5);
        expect(offset).toBeLessThanOrEqual(9);
      }
    }
  });

  it("that a proof names has to be about as many requests as the scenario has by now", () => {
    const [one] = schedules(1);
    if (!one) throw new Error("no schedule");
    expect(() => assertFits(one, [0, 0, 1, 1])).not.toThrow();
    for (const kinds of [
      [0, 1],
      [0, 0, 1, 1, 1],
    ])
      expect(() => assertFits(one, kinds)).toThrowError(/the proof is about 4 requests/);
    expect(() => assertFits({ ...one, order: [0, 0, 1, 2] }, [0, 0, 1, 1])).toThrowError(
      /the proof is about 4 requests/,
    );
  });
});
