import { describe, expect, it } from "vitest";
import type { Target } from "./targets/api.ts";
import * as codes from "./targets/codes.ts";
import * as deposits from "./targets/deposits.ts";
import * as refresh from "./targets/refresh.ts";
import { lines, scanned } from "./targets/scanned.ts";

/** The outcome of one weakness, and everything that was proven. */
async function judged(target: Target, weakness: string) {
  try {
    const { report } = await scanned(target);
    const line = lines(report).find((one) => one.startsWith(weakness)) ?? "";
    const remarks = report.outcomes.flatMap((one) => one.remarks ?? []);
    return { line, proven: report.findings.map((one) => one.weakness), remarks };
  } finally {
    await target.stop();
  }
}

const named = <T>(variants: Readonly<Record<string, T>>) => Object.entries(variants);

describe("refresh-reuse", () => {
  it.concurrent.each(named(refresh.RACY))("is proven where it is racy: %s", async (_name, exchange) => {
    const { line, proven } = await judged(await refresh.refreshTarget(exchange), "refresh-reuse");
    expect(line).toBe("refresh-reuse POST /enter/again: proven");
    expect(proven).toEqual(["refresh-reuse"]);
  });

  it.each(named(refresh.RIGHT))("is not observed where it is right: %s", async (_name, exchange) => {
    const { line, proven } = await judged(await refresh.refreshTarget(exchange), "refresh-reuse");
    expect(line).toBe("refresh-reuse POST /enter/again: not-observed");
    expect(proven).toEqual([]);
  });

  it.concurrent.each(named(refresh.OTHER))("is not claimed: %s", async (_name, [exchange, reason]) => {
    const { line } = await judged(await refresh.refreshTarget(exchange), "refresh-reuse");
    expect(line).toMatch(reason);
  });

  it("is found at a token endpoint of OAuth 2.0 as well", async () => {
    const [racy] = Object.values(refresh.RACY);
    const { line } = await judged(await refresh.refreshTarget(racy as never, true), "refresh-reuse");
    expect(line).toBe("refresh-reuse POST /oauth/token: proven");
  });

  it("a defence that ends the session of the rightful client is remarked", async () => {
    const ends = refresh.RIGHT["reuse in the meantime ends the session"];
    const { remarks } = await judged(await refresh.refreshTarget(ends as never), "refresh-reuse");
    expect(remarks.join("\n")).toMatch(
      /legitimate use: after \d+ of \d+ bursts nothing that was answered worked/,
    );
  });
});

describe("single-use-code", () => {
  it.concurrent.each(named(codes.RACY))("is proven where it is racy: %s", async (_name, spend) => {
    const { line, proven } = await judged(await codes.codesTarget(spend), "single-use-code");
    expect(line).toBe("single-use-code POST /otp/enter: proven");
    expect(proven).toEqual(["single-use-code"]);
  });

  it.each(named(codes.RIGHT))("is not observed where it is right: %s", async (_name, spend) => {
    const { line, proven } = await judged(await codes.codesTarget(spend), "single-use-code");
    expect(line).toBe("single-use-code POST /otp/enter: not-observed");
    expect(proven).toEqual([]);
  });

  it.concurrent.each(named(codes.OTHER))("is not claimed: %s", async (_name, [spend, reason]) => {
    const { line } = await judged(await codes.codesTarget(spend), "single-use-code");
    expect(line).toMatch(reason);
  });

  it.each([
    ["racy", true, "proven"],
    ["right", false, "not-observed"],
  ])("where no token comes back, the effect is counted: %s", async (_name, racy, expected) => {
    const { line } = await judged(await codes.invitesTarget(racy), "single-use-code");
    expect(line).toBe(`single-use-code POST /referrals/{code}/confirm: ${expected}`);
  });
});

describe("idempotency-race", () => {
  it.concurrent.each(named(deposits.RACY))("is proven where it is racy: %s", async (_name, put) => {
    const { line, proven } = await judged(await deposits.depositsTarget(put), "idempotency-race");
    expect(line).toBe("idempotency-race POST /points: proven");
    expect(proven).toEqual(["idempotency-race"]);
  });

  it.each(named(deposits.RIGHT))("is not observed where it is right: %s", async (_name, put) => {
    const { line, proven } = await judged(await deposits.depositsTarget(put), "idempotency-race");
    expect(line).toBe("idempotency-race POST /points: not-observed");
    expect(proven).toEqual([]);
  });

  it.concurrent.each(named(deposits.OTHER))("is not claimed: %s", async (_name, [put, reason]) => {
    const { line } = await judged(await deposits.depositsTarget(put), "idempotency-race");
    expect(line).toMatch(reason);
  });

  it("is looked for where the document only allows a key", async () => {
    const [racy] = Object.values(deposits.RACY);
    const { line } = await judged(await deposits.depositsTarget(racy as never, false), "idempotency-race");
    expect(line).toBe("idempotency-race POST /points: proven");
  });
});
