import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { isLegalOrder } from "./search/replay.ts";
import { disagreement } from "./testing/agreement.ts";
import { historyOf } from "./testing/arbitrary.ts";
import { plainSearch } from "./testing/plain.ts";
import { subjects } from "./testing/subjects.ts";

/** Longer than brute force can do: nearly sequential, and wide. */
const SHAPES = [
  { longest: 60, span: 120, length: 12, noise: 0.15 },
  { longest: 14, span: 12, length: 8, noise: 0.5 },
];

/** A sample; `bench/oracle-fuzz.ts` runs a million. Every run has a new seed, which a failure prints. */
const RUNS = 400;

describe("the oracle agrees with brute force", () => {
  for (const subject of subjects) {
    it(subject.name, () => {
      fc.assert(
        fc.property(historyOf(subject, { longest: 7 }), (history) => {
          expect(disagreement(subject, history).wrong).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    });
  }
});

describe("the oracle agrees with a plain search", () => {
  for (const subject of subjects) {
    it(subject.name, () => {
      for (const shape of SHAPES) {
        fc.assert(
          fc.property(historyOf(subject, shape), (history) => {
            const expected = plainSearch(subject.model, history, 2000);
            if (expected === undefined) return;
            const result = check(subject.model, history, { witness: false });
            expect(result.verdict).toBe(expected ? "linearizable" : "race");
            if (expected) expect(isLegalOrder(subject.model, history, result.linearization!)).toBe(true);
          }),
          { numRuns: 25 },
        );
      }
    });
  }
});

describe("the oracle calls nothing a race that was made one by one", () => {
  for (const subject of subjects) {
    it(subject.name, () => {
      // Bursts: up to 120 operations, nearly all open at once.
      const bursts = historyOf(subject, { longest: 120, span: 20, length: 60, noise: 0 });
      fc.assert(
        fc.property(bursts, (history) => {
          const result = check(subject.model, history, { maxConfigs: 3000 });
          expect(result.verdict).not.toBe("race");
          const order = result.linearization;
          if (order !== undefined) expect(isLegalOrder(subject.model, history, order)).toBe(true);
        }),
        { numRuns: 40 },
      );
    });
  }
});
