import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OffsetSearch } from "./offset-search.ts";

/** Trials on a handler that checks at `check` ms; how many ended within `width` ms after it. */
function hits(reachMs: number, check: number, width: number, trials: number): number {
  const search = new OffsetSearch(reachMs);
  let count = 0;
  for (let index = 0; index < trials; index++) {
    const offset = search.next(index);
    if (offset >= check && offset < check + width) count++;
    search.saw(offset, offset < check);
  }
  return count;
}

describe("the offset search", () => {
  it("finds a narrow gap wherever it is", () => {
    const anywhere = fc.double({ min: 0, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(anywhere, (part) => hits(40, 40 * part, 4, 20) >= 2),
      { seed: 1 },
    );
  });

  it("sweeps over the whole call all the same", () => {
    const search = new OffsetSearch(100);
    const offsets = Array.from({ length: 20 }, (_, index) => {
      const offset = search.next(index);
      search.saw(offset, offset < 50);
      return offset;
    });
    for (const [low, high] of [
      [0, 25],
      [25, 50],
      [50, 75],
      [75, 100],
    ] as const)
      expect(offsets.some((one) => one >= low && one < high)).toBe(true);
  });

  it("takes the turning point with the fewest on the wrong side", () => {
    const search = new OffsetSearch(100);
    for (const [offset, refused] of [
      [10, true],
      [20, true],
      [30, false],
      [35, true],
      [40, false],
      [60, false],
      [80, false],
    ] as const)
      search.saw(offset, refused);
    expect([25, 37.5]).toContain(search.turningPoint());
  });

  it("begins at once where nothing was refused", () => {
    const search = new OffsetSearch(100);
    for (const offset of [50, 25, 75]) search.saw(offset, false);
    expect(search.turningPoint()).toBe(0);
  });
});
