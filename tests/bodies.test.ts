import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bankTarget } from "./targets/bank.ts";
import { lines, scanned } from "./targets/scanned.ts";

describe.each([
  ["racy", true, "proven"],
  ["right", false, "not-observed"],
] as const)(
  "objects named in bodies, lists that grow and texts that are set: %s",
  (_name, racy, expected) => {
    let target: Awaited<ReturnType<typeof bankTarget>>;
    let outcomes: string[];

    beforeAll(async () => {
      target = await bankTarget(racy);
      outcomes = lines((await scanned(target, { trials: 20 })).report);
    }, 120_000);

    afterAll(() => target.stop());

    it.each([
      "lost-update POST /transfers",
      "limit-overrun POST /vouchers/redeem",
      "limit-overrun POST /tags",
      "revocation-race PATCH /me",
      "revocation-race POST /transfers",
    ])("%s", (race) => {
      expect(outcomes).toContain(`${race}: ${expected}`);
    });

    it("proves nothing else", () => {
      const proven = outcomes.filter((line) => line.endsWith(": proven"));
      if (!racy) expect(proven).toEqual([]);
    });
  },
);
