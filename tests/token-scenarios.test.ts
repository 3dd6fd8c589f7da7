import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Target } from "./targets/api.ts";
import { authorizationTarget } from "./targets/authorization.ts";
import * as codes from "./targets/codes.ts";
import { configured } from "./targets/configured.ts";
import * as deposits from "./targets/deposits.ts";
import { oneAfterAnother } from "./targets/one-at-a-time.ts";
import * as refresh from "./targets/refresh.ts";
import * as resets from "./targets/resets.ts";
import { lines, scanned } from "./targets/scanned.ts";

const TOKENS = ["refresh-reuse", "single-use-code", "idempotency-race"];

// biome-ignore lint/suspicious/noExplicitAny: each test knows its own answer
async function post({ url }: Target, path: string, content: object): Promise<any> {
  const headers = { "content-type": "application/json" };
  return (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(content) })).json();
}

/** The outcome of one weakness, and everything that was proven. */
async function judged(target: Target, weakness: string, options: Parameters<typeof scanned>[1] = {}) {
  try {
    const { report } = await scanned(target, { weaknesses: TOKENS, ...options });
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

  it("is not said to be absent where one thread serves all", async () => {
    const target = await refresh.refreshTarget(refresh.marksFirst, false, undefined, oneAfterAnother());
    const { line } = await judged(target, "refresh-reuse");
    expect(line).toMatch(/inconclusive \(requests cannot overlap/);
  });

  it("is found at a token endpoint of OAuth 2.0 as well", async () => {
    const [racy] = Object.values(refresh.RACY);
    const { line } = await judged(await refresh.refreshTarget(racy as never, true), "refresh-reuse");
    expect(line).toBe("refresh-reuse POST /oauth/token: proven");
  });

  it("is raced in sessions of their own where the user is a given one", async () => {
    const target = await refresh.refreshTarget(refresh.RACY["looks, works, marks"] as never);
    try {
      await post(target, "/join", { name: "alice", password: "Pw of alice" });
      const yaml = `
principals:
  alice:
    login:
      request: POST /enter
      json: { name: alice, password: Pw of alice }
      token: $.accessToken
      refreshToken: $.refreshToken
`;
      const { outcomes, told } = await configured(target, yaml, { weaknesses: TOKENS });
      expect(outcomes).toContain("refresh-reuse POST /enter/again: proven");
      expect(told).not.toContain("Pw of alice");
    } finally {
      await target.stop();
    }
  });

  it("is exchanged as the configuration says, with a client's secret", async () => {
    const client = "s3cret of the client";
    const target = await refresh.refreshTarget(refresh.RACY["looks, works, marks"] as never, true, client);
    const yaml = (recipe: string) => `
principals:
  visitor:
    register:
      request: POST /join
      json: { name: "\${unique}", password: "\${password}" }
    login:
      request: POST /enter
      json: { name: "\${unique}", password: "\${password}" }
      token: $.accessToken
      refreshToken: $.refreshToken
${recipe}`;
    const recipe = `    refresh:
      request: POST /oauth/token
      form: { grant_type: refresh_token, refresh_token: "\${refresh_token}", client_secret: "\${env:CLIENT}" }
      token: $.access_token
`;
    try {
      const { outcomes, told } = await configured(target, yaml(recipe), {
        env: { CLIENT: client },
        weaknesses: TOKENS,
      });
      expect(outcomes).toContain("refresh-reuse POST /oauth/token: proven");
      expect(told).not.toContain(client);
      const without = await configured(target, yaml(""), { weaknesses: TOKENS });
      expect(without.outcomes).toContain(
        "refresh-reuse POST /oauth/token: inconclusive (answers 400 to a fresh refresh token)",
      );
    } finally {
      await target.stop();
    }
  });

  it("leaves a token alone that was supplied", async () => {
    const target = await refresh.refreshTarget(refresh.RACY["looks, works, marks"] as never);
    try {
      await post(target, "/join", { name: "alice", password: "Pw of alice" });
      const { accessToken } = await post(target, "/enter", { name: "alice", password: "Pw of alice" });
      const yaml = "principals: { alice: { token: { env: ALICE_TOKEN } } }";
      const { outcomes } = await configured(target, yaml, {
        env: { ALICE_TOKEN: accessToken },
        weaknesses: TOKENS,
      });
      expect(outcomes).toContain(
        "refresh-reuse POST /enter/again: not-applicable (may end the token that was supplied)",
      );
    } finally {
      await target.stop();
    }
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

  it("is read from the mail that it is sent with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "deadheat-mail-"));
    let mails = 0;
    const send = async (to: string, code: string) =>
      writeFileSync(
        join(folder, `${mails++}.eml`),
        `From: api@example.com\r\nTo: ${to}\r\n\r\nYour code: ${code}\r\n`,
      );
    try {
      const racy = await codes.codesTarget(codes.RACY["looks, works, marks"] as never, { send });
      const { line } = await judged(racy, "single-use-code", { mail: { file: folder } });
      expect(line).toBe("single-use-code POST /otp/enter: proven");
      const unread = await codes.codesTarget(codes.RACY["looks, works, marks"] as never, { send });
      const { line: without } = await judged(unread, "single-use-code");
      expect(without).toMatch(/inconclusive \(a code is sent by mail: write under mail in deadheat.yaml/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each([
    ["racy", codes.RACY["looks, works, marks"], "proven"],
    ["right", codes.RIGHT["a conditional update"], "not-observed"],
  ])("stands in the query of a link: %s", async (_name, spend, expected) => {
    const { line } = await judged(await codes.codesTarget(spend as never, { link: true }), "single-use-code");
    expect(line).toBe(`single-use-code GET /otp/link: ${expected}`);
  });

  it.each([
    ["racy", true, "proven"],
    ["right", false, "not-observed"],
  ])("is an authorization code for a token endpoint: %s", async (_name, racy, expected) => {
    const { line } = await judged(await authorizationTarget(racy), "single-use-code");
    expect(line).toBe(`single-use-code POST /oauth/token: ${expected}`);
  });

  describe("that sets a password", () => {
    it.each(named(resets.RACY))("is proven where it is racy: %s", async (_name, reset) => {
      const { line, proven } = await judged(await resets.resetsTarget(reset), "single-use-code");
      expect(line).toBe("single-use-code POST /forgot/done: proven");
      expect(proven).toEqual(["single-use-code"]);
    });

    it.each(named(resets.RIGHT))("is not observed where it is right: %s", async (_name, reset) => {
      const { line, proven } = await judged(await resets.resetsTarget(reset), "single-use-code");
      expect(line).toBe("single-use-code POST /forgot/done: not-observed");
      expect(proven).toEqual([]);
    });

    it.each(named(resets.OTHER))("is not claimed: %s", async (_name, [reset, reason]) => {
      const { line } = await judged(await resets.resetsTarget(reset), "single-use-code");
      expect(line).toMatch(reason);
    });

    it("is not claimed where the log-in takes any password", async () => {
      const [racy] = Object.values(resets.RACY);
      const { line } = await judged(await resets.resetsTarget(racy as never, true), "single-use-code");
      expect(line).toMatch(/inconclusive \(what an answer gave could not be counted\)/);
    });
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
