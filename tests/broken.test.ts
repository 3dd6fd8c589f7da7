import { describe, expect, it } from "vitest";
import { postgresMissing } from "./support/postgres.ts";
import { scannedHalf } from "./targets/guarded-half.ts";
import { lines } from "./targets/scanned.ts";

const TRIALS = 30;
const SCORE = "POST /guarded/profile/score";
const REDEEM = "POST /guarded/coupons/{code}/redeem";

describe.skipIf(postgresMissing !== false).concurrent("one mistake in the guarded half is found", () => {
  it.each([
    ["lock-removed", `revocation-race ${SCORE}`, /coupons/],
    ["recheck-before-lock", `revocation-race ${SCORE}`, /coupons/],
    ["order-changed", `revocation-race ${SCORE}`, /coupons/],
    ["unlocked-recheck", `revocation-race ${SCORE}`, /coupons/],
    ["commit-early", `revocation-race ${SCORE}`, /coupons/],
    ["score-read-modify-write", `lost-update ${SCORE}`, /coupons|logout/],
    ["redeem-check-then-act", `limit-overrun ${REDEEM}`, /score|logout/],
  ] as const)("%s", async (broken, race, without) => {
    const report = await scannedHalf("guarded", { broken }, { trials: TRIALS }, without);
    const judged = lines(report).filter((line) => !line.includes("not-applicable"));
    // What is wrong, and nothing else.
    expect(judged.filter((line) => !line.endsWith(": not-observed"))).toEqual([`${race}: proven`]);
  });

  it("none", async () => {
    const report = await scannedHalf("guarded", {}, { trials: TRIALS });
    expect(lines(report).filter((line) => !line.includes("not-applicable"))).toEqual([
      `lost-update ${SCORE}: not-observed`,
      `revocation-race ${SCORE}: not-observed`,
      `limit-overrun ${REDEEM}: not-observed`,
      `revocation-race ${REDEEM}: not-observed`,
    ]);
  });
});
