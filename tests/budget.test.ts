import { describe, expect, it } from "vitest";
import type { ScanOptions } from "../packages/deadheat/src/index.ts";
import type { Target } from "./targets/api.ts";
import * as articles from "./targets/articles.ts";
import { scanned } from "./targets/scanned.ts";
import { signOutTarget } from "./targets/tokens.ts";

const STEPS = 6;

/**
 * Whatever is under way when the budget ends, the scan ends with a report. A rejection that nobody waits for ends the
 * process instead: vitest fails for it. (Reads beside a write did that, in one scan of a hundred thousand requests.)
 */
describe("a budget of requests that ends", () => {
  it.concurrent.each<[string, () => Promise<Target>, Partial<ScanOptions>]>([
    [
      "between a write and the reads beside it",
      () => articles.articlesTarget({ torn: true }),
      { weaknesses: ["missing-transaction"], trials: 4 },
    ],
    ["while a token is revoked", () => signOutTarget("racy"), { weaknesses: ["revocation-race"], trials: 8 }],
  ])("%s", async (_where, start, options) => {
    const target = await start();
    try {
      const { report } = await scanned(target, options);
      const limits = Array.from({ length: STEPS }, (_, step) =>
        Math.floor((report.requests * (step + 1)) / (STEPS + 1)),
      );
      await Promise.all(limits.map((limit) => cutShort(target, { ...options, requestLimit: limit })));
    } finally {
      await target.stop();
    }
  });
});

async function cutShort(target: Target, options: Partial<ScanOptions> & { readonly requestLimit: number }) {
  const { report } = await scanned(target, options);
  expect(report.requests).toBeLessThanOrEqual(options.requestLimit);
  // What was proven before stays proven.
  const told = report.outcomes.filter(
    ({ status, reason = "" }) => status === "proven" || /budget of \d+ requests/.test(reason),
  );
  expect(told, `${options.requestLimit}`).not.toEqual([]);
}
