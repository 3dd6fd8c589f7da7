import { describe, expect, it } from "vitest";
import { postgresMissing } from "./support/postgres.ts";
import { scannedHalf } from "./targets/guarded-half.ts";
import { lines } from "./targets/scanned.ts";

const TRIALS = 30;
const LONG_MS = 120_000;
const SCORE = "/guarded/profile/score";
const REDEEM = "/guarded/coupons/{code}/redeem";

// That nothing is found where there is no mistake is in lab.test.ts.
describe.skipIf(postgresMissing !== false)("one mistake in the guarded half is found", () => {
  it.each([
    ["lock-removed", "revocation-race", SCORE],
    ["recheck-before-lock", "revocation-race", REDEEM],
    ["order-changed", "revocation-race", SCORE],
    ["unlocked-recheck", "revocation-race", REDEEM],
    ["commit-early", "revocation-race", SCORE],
    ["score-read-modify-write", "lost-update", SCORE],
    ["redeem-check-then-act", "limit-overrun", REDEEM],
  ] as const)(
    "%s",
    async (broken, weakness, path) => {
      const only = { weakness, operation: { method: "POST", path } };
      const report = await scannedHalf("guarded", { broken }, { trials: TRIALS, only });
      expect(lines(report)).toEqual([`${weakness} POST ${path}: proven`]);
    },
    LONG_MS,
  );
});
