import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clopperPearson, silenceBound, trialsForBound, wilson } from "./statistics.ts";

describe("intervals", () => {
  // Reference values: R's binom package, binom.confint(9, 10) and (0, 20), methods "wilson" and "exact".
  it("match published values", () => {
    expect(wilson(9, 10).low).toBeCloseTo(0.59585, 5);
    expect(wilson(9, 10).high).toBeCloseTo(0.98212, 5);
    expect(clopperPearson(9, 10).low).toBeCloseTo(0.55498, 5);
    expect(clopperPearson(9, 10).high).toBeCloseTo(0.99747, 5);
    expect(clopperPearson(0, 20).high).toBeCloseTo(1 - 0.025 ** (1 / 20), 10);
    expect(wilson(0, 20).low).toBe(0);
  });

  it("hold the rate, lie in [0, 1], and mirror", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (trials, pick) => {
        const hits = pick % (trials + 1);
        for (const interval of [wilson, clopperPearson]) {
          const { low, high } = interval(hits, trials);
          const mirrored = interval(trials - hits, trials);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(hits / trials);
          expect(high).toBeGreaterThanOrEqual(hits / trials);
          expect(mirrored.low).toBeCloseTo(1 - high, 9);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("refuse counts that are none", () => {
    for (const [hits, trials] of [
      [1, 0],
      [3, 2],
      [-1, 5],
      [0.5, 2],
    ] as const) {
      expect(() => wilson(hits, trials)).toThrowError(/is not a rate/);
    }
    expect(() => clopperPearson(1, 2, 1)).toThrowError(/confidence/);
  });
});

describe("silence", () => {
  it("bounds what stayed unseen", () => {
    expect(silenceBound(60)).toBeCloseTo(0.0487, 4);
    expect(silenceBound(300)).toBeLessThan(0.01);
    expect(silenceBound(0)).toBe(1);
    expect(trialsForBound(0.05)).toBe(59);
    expect(trialsForBound(0.01)).toBe(299);
    expect(trialsForBound(1)).toBe(0);
  });

  it("asks for the fewest trials", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.99, noNaN: true }), (bound) => {
        const trials = trialsForBound(bound);
        expect(silenceBound(trials)).toBeLessThanOrEqual(bound);
        expect(silenceBound(trials - 1)).toBeGreaterThan(bound);
      }),
    );
  });
});
