import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedText, sharedWhole } from "./shared-text.ts";

describe("parts of texts that many have", () => {
  it("are what stands there, whatever was met before", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme", maxLength: 200 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat(), fc.nat()), { maxLength: 50 }), (parts) => {
        for (const [one, a, b] of parts) {
          const [from, to] = [a % (one.length + 1), b % (one.length + 1)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          expect(sharedText(one, from, to)).toBe(one.slice(from, to));
        }
      }),
    );
  });

  it("are right where others have the same number", () => {
    for (let round = 0; round < 2; round++)
      for (let at = 0; at < 40_000; at++)
        if (sharedWhole(`name_${at}_ä`.slice(0, 7 + (at % 9))) !== `name_${at}_ä`.slice(0, 7 + (at % 9)))
          expect.fail(`name_${at}`);
  });
});
