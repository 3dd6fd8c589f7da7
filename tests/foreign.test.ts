import { describe, expect, it } from "vitest";
import { foreignTarget, type Make } from "./targets/foreign.ts";
import { gifts } from "./targets/gifts.ts";
import { levelsTarget } from "./targets/levels.ts";
import { quests } from "./targets/quests.ts";
import { lines, scanned } from "./targets/scanned.ts";
import { wallets } from "./targets/wallets.ts";

const APIS: [string, Make, string[]][] = [
  [
    "decimals as text, trailing slashes, a base path, two names for one parameter, login with e-mail",
    wallets,
    [
      "lost-update POST /api/v1/wallets/{wallet_id}/deposits/",
      "revocation-race POST /api/v1/wallets/{wallet_id}/deposits/",
    ],
  ],
  [
    "undescribed nested answers, PATCH, a quota on the caller, form-encoded login, DELETE /session",
    quests,
    [
      "lost-update PATCH /hero",
      "revocation-race PATCH /hero",
      "limit-overrun POST /chests",
      "revocation-race POST /chests",
      "lost-update POST /parties/{party}/gold",
      "revocation-race POST /parties/{party}/gold",
    ],
  ],
  [
    "a token from joining, a limit of three behind a bad count, losers that are told 200",
    gifts,
    ["limit-overrun POST /gifts/{gift}/take", "limit-overrun PUT /vouchers/{gift}/use"],
  ],
];

describe("APIs that look like none of the lab", () => {
  it.each(APIS)("%s", async (_name, make, expected) => {
    const racy = await foreignTarget(make, true);
    const right = await foreignTarget(make, false);
    try {
      const found = (await scanned(racy, { trials: 16 })).report;
      const proven = found.findings.map(
        (one) => `${one.weakness} ${one.operation.method} ${one.operation.path}`,
      );
      expect(proven).toEqual(expected);
      const clean = lines((await scanned(right)).report);
      for (const name of expected) expect(clean).toContain(`${name}: not-observed`);
      expect(clean.filter((line) => /: (proven|inconclusive|model-unfit)/.test(line))).toEqual([]);
    } finally {
      await racy.stop();
      await right.stop();
    }
  });

  it.each([
    ["racy", true, "proven"],
    ["right", false, "not-observed"],
  ])("a value that is set, not added to: %s", async (_name, racy, expected) => {
    const target = await levelsTarget(racy);
    try {
      const { report } = await scanned(target, { trials: 16 });
      expect(lines(report)).toContain(`revocation-race PUT /level: ${expected}`);
      expect(lines(report).join("\n")).toMatch(/lost-update PUT \/level: not-applicable \(.*sets \/level/);
    } finally {
      await target.stop();
    }
  });
});
