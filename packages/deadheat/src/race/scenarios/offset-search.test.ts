import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../random.ts";
import { OffsetSearch } from "./offset-search.ts";

interface Handler {
  readonly reachMs: number;
  /** When it looks at the token, and how long after that it acts, ms. */
  readonly check: number;
  readonly width: number;
  /** Of each offset, ms. */
  readonly sigma: number;
}

/** What so many trials see of it. */
function search(
  { reachMs, check, width, sigma }: Handler,
  trials: number,
  random: Random,
  stopAtHit = false,
) {
  const offsets = new OffsetSearch(reachMs);
  const hits: number[] = [];
  for (let index = 0; index < trials; index++) {
    const offset = offsets.next(index);
    const at = offset + sigma * normal(random);
    const hit = at >= check && at < check + width;
    offsets.saw(offset, at < check, hit);
    if (hit) hits.push(index);
    if (hit && stopAtHit) break;
  }
  return { offsets, hits };
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

describe("the offset search", () => {
  it("hits a window of 1 ms somewhere in 70 ms, offsets blurred by 1 ms: nine times in ten within 15 trials", () => {
    const random = seededRandom(1);
    const first = Array.from({ length: 200 }, () => {
      const handler = { reachMs: 70, check: 69 * random.next(), width: 1, sigma: 1 };
      return search(handler, 60, random, true).hits[0] ?? 60;
    }).sort((a, b) => a - b);
    // Trials count from 0. The bench has a thousand; of 200, chance takes one or two.
    expect((first[179] as number) + 1).toBeLessThanOrEqual(17);
    expect(first[100]).toBeLessThan(9);
  });

  it("hits a wide window at once, wherever it is", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.7, noNaN: true }), fc.integer(), (part, seed) => {
        const handler = { reachMs: 40, check: 40 * part, width: 12, sigma: 0.5 };
        expect(search(handler, 6, seededRandom(seed)).hits.length).toBeGreaterThan(0);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("goes on sweeping over the whole call where nothing shows", () => {
    const offsets = new OffsetSearch(100);
    const seen = Array.from({ length: 40 }, (_, index) => {
      const offset = offsets.next(index);
      offsets.saw(offset, offset < 50);
      return offset;
    });
    for (const [low, high] of [
      [0, 20],
      [20, 40],
      [60, 80],
      [80, 100],
    ] as const)
      expect(seen.some((one) => one >= low && one < high)).toBe(true);
    expect(offsets.turningPoint()).toBeGreaterThan(48);
    expect(offsets.turningPoint()).toBeLessThan(52);
  });

  it("one odd answer does not throw away the half in which the window is", () => {
    const offsets = new OffsetSearch(100);
    offsets.saw(80, true);
    for (let index = 1; index < 14; index++) {
      const offset = offsets.next(index);
      offsets.saw(offset, offset < 30);
    }
    expect(Math.abs((offsets.turningPoint() ?? 0) - 30)).toBeLessThan(3);
  });

  it("reports the window that it found, and how wide it is at most", () => {
    const random = seededRandom(4);
    const { offsets, hits } = search({ reachMs: 70, check: 31, width: 4, sigma: 0.2 }, 40, random);
    expect(hits.length).toBeGreaterThan(3);
    const { fromMs = 0, toMs = 0, widthMs } = offsets.window() ?? {};
    expect(fromMs).toBeGreaterThan(29);
    expect(fromMs).toBeLessThan(32.5);
    expect(toMs).toBeGreaterThan(33);
    expect(toMs).toBeLessThan(42);
    expect(widthMs).toBeCloseTo(toMs - fromMs, 1);
    expect(new OffsetSearch(70).window()).toBeUndefined();
  });

  it.each([true, false])("does not fail where all calls are refused: %s", (refused) => {
    const offsets = new OffsetSearch(50);
    for (let index = 0; index < 60; index++) {
      const offset = offsets.next(index);
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(50 * 1.35);
      offsets.saw(offset, refused);
    }
    expect(offsets.turningPoint()).toBeDefined();
  });
});
