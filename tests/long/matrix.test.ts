import { describe, expect, it } from "vitest";
import { postgresMissing } from "../support/postgres.ts";
import { type Half, scannedHalf } from "../targets/guarded-half.ts";
import { lines } from "../targets/scanned.ts";

/** Two cells of bench/matrix.ts, each for one race. */
describe.skipIf(postgresMissing !== false)(
  "statements that take longer, and few connections for them",
  () => {
    it.each<[Half, number, number, RegExp]>([
      ["racy", 1, 1, /: proven$/],
      [
        "guarded",
        1,
        1,
        /: inconclusive \(requests cannot overlap: 8 independent requests together ran 0\.\d at a time\)$/,
      ],
      ["racy", 20, 16, /: proven$/],
      ["guarded", 20, 16, /: not-observed$/],
    ])(
      "%s, %i ms, %i connections",
      async (half, databaseLatency, connections, expected) => {
        const only = {
          weakness: "lost-update",
          operation: { method: "POST", path: `/${half}/profile/score` },
        };
        const report = await scannedHalf(half, { databaseLatency, connections }, { trials: 4, only });
        expect(lines(report)).toEqual([expect.stringMatching(expected)]);
      },
      120_000,
    );
  },
);
