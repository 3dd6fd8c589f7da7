import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { disagreement } from "./testing/agreement.ts";
import { historyOf } from "./testing/arbitrary.ts";
import { subjects } from "./testing/subjects.ts";

/** A sample; `bench/oracle-fuzz.ts` runs a million. Every run has a new seed, which a failure prints. */
const RUNS = 400;

describe("the oracle agrees with brute force", () => {
  for (const subject of subjects) {
    it(subject.name, () => {
      fc.assert(
        fc.property(historyOf(subject, 7), (history) => {
          expect(disagreement(subject, history).wrong).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    });
  }
});
