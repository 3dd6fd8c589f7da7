import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SmallMap } from "./small-map.ts";

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.string()), { maxLength: 40 });

describe("a small map", () => {
  it("is the map that it was made from", () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const map = new Map(entries);
        const small = SmallMap.from(map);
        expect([...small]).toEqual([...map]);
        expect([...small.keys()]).toEqual([...map.keys()]);
        expect([...small.values()]).toEqual([...map.values()]);
        expect(small.size).toBe(map.size);
        for (let key = 0; key <= 25; key++) {
          expect(small.get(key)).toBe(map.get(key));
          expect(small.has(key)).toBe(map.has(key));
        }
        const seen: unknown[] = [];
        small.forEach((value, key) => {
          seen.push([key, value]);
        });
        expect(seen).toEqual([...map]);
      }),
    );
  });

  it("grows as a map does, and what it grew from stays what it was", () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const map = new Map<number, string>();
        let small: ReadonlyMap<number, string> = SmallMap.empty;
        for (const [key, value] of entries) {
          const before = map.size < 6 ? [small, [...small]] : undefined;
          small = SmallMap.with(small, key, value);
          map.set(key, value);
          expect([...small]).toEqual([...map]);
          if (before) expect([...(before[0] as typeof small)]).toEqual(before[1]);
        }
      }),
    );
  });
});
