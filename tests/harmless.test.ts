import dns from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { type DeadheatError, principalWithToken, reportSchema } from "../packages/deadheat/src/index.ts";
import { secrets } from "./targets/api.ts";
import { foreignTarget } from "./targets/foreign.ts";
import { lines, scanned } from "./targets/scanned.ts";
import { redirectingTarget, suppliedTarget } from "./targets/supplied.ts";
import { signOutTarget } from "./targets/tokens.ts";
import { wallets } from "./targets/wallets.ts";

describe("a token that the user supplies", () => {
  it.each<[string, boolean, string]>([
    ["racy", true, "proven"],
    ["right", false, "not-observed"],
  ])("%s", async (_name, racy, expected) => {
    const target = await suppliedTarget(racy);
    try {
      const { report, events } = await scanned(target, {
        principals: [principalWithToken("me", target.token)],
      });
      expect(lines(report)).toContain(`lost-update POST /points: ${expected}`);
      expect(lines(report).join("\n")).toMatch(
        /revocation-race POST \/points: inconclusive \(no second token/,
      );
      expect(JSON.stringify(events)).not.toContain(target.token);
    } finally {
      await target.stop();
    }
  });

  it("is in no error either", async () => {
    const target = await suppliedTarget(true);
    const token = "a-token-that-was-never-issued";
    try {
      const failed = (await scanned(target, { principals: [principalWithToken("me", token)] }).catch(
        (error) => error,
      )) as DeadheatError;
      expect(failed).toMatchObject({ code: "token-rejected" });
      expect(`${failed.message} ${failed.hint} ${failed.stack} ${String(failed.cause)}`).not.toContain(token);
    } finally {
      await target.stop();
    }
  });
});

describe("what a scan lets out", () => {
  it("no token and no password in any event or report", async () => {
    secrets.clear();
    const targets = [await foreignTarget(wallets, true), await signOutTarget("racy")];
    for (const target of targets) {
      const { report, events } = await scanned(target);
      expect(report.findings.length).toBeGreaterThan(0);
      expect(reportSchema.safeParse(report).success).toBe(true);
      const told = JSON.stringify(events);
      expect(secrets.size).toBeGreaterThan(20);
      expect([...secrets].filter((secret) => told.includes(secret))).toEqual([]);
      await target.stop();
    }
  });

  it.each([true, false])(
    "no redirect to another origin is followed (all redirected: %s)",
    async (everything) => {
      let visits = 0;
      const elsewhere = createServer((_incoming, answer) => {
        visits++;
        answer.writeHead(200, { "content-type": "application/json" }).end('{"points":1}');
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
      const { port } = elsewhere.address() as AddressInfo;
      const target = await redirectingTarget(everything, `http://127.0.0.1:${port}`);
      try {
        const { report } = await scanned(target);
        expect(visits).toBe(0);
        const points = report.outcomes.filter((one) => one.operation.path === "/points");
        expect(points.map((one) => one.status)).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
      } finally {
        await target.stop();
        elsewhere.close();
      }
    },
  );

  it("a name is resolved once", async () => {
    const target = await signOutTarget("right");
    const asked = vi.spyOn(dns, "lookup");
    try {
      const url = target.url.replace("127.0.0.1", "localhost");
      const { report } = await scanned({ ...target, url }, { trials: 4 });
      expect(report.requests).toBeGreaterThan(50);
      // `resolveTarget` asks through the promise API; connections must not ask at all.
      expect(asked).not.toHaveBeenCalled();
    } finally {
      asked.mockRestore();
      await target.stop();
    }
  });
});
