import { describe, expect, it } from "vitest";
import { configured } from "./targets/configured.ts";
import { expiringTarget, type Looks, type Told } from "./targets/expiring.ts";
import { lines, scanned } from "./targets/scanned.ts";

const EXPIRY = { weaknesses: ["expiry-race"], trials: 5 };

async function outcome(told: Told, looks?: Looks): Promise<string> {
  const target = await expiringTarget(told, looks);
  try {
    return lines((await scanned(target, EXPIRY)).report).join("\n");
  } finally {
    await target.stop();
  }
}

describe.concurrent("a call under a token that ends while it is under way", { timeout: 120_000 }, () => {
  it("is proven where the token itself says when it ends", async () => {
    expect(await outcome("jwt")).toBe("expiry-race POST /points: proven");
  });

  it("is not observed where the token is looked at again", async () => {
    expect(await outcome("expiresAt", "again")).toBe("expiry-race POST /points: not-observed");
  });

  it("is not taken for one where calls are refused because they are many", async () => {
    const line = await outcome("expiresIn", "again, three calls at once");
    expect(line).toBe("expiry-race POST /points: not-observed");
  });

  it("is not planned where nothing tells of an end", async () => {
    expect(await outcome("nowhere")).toBe("");
  });

  it("is proven by calls across the end, with a login of the user's that says when that is", async () => {
    const target = await expiringTarget("expiresIn", "before the work");
    const yaml = `
principals:
  visitor:
    register:
      request: POST /join
      json: { name: "\${unique}", password: "\${password}" }
    login:
      request: POST /enter
      json: { name: "\${unique}", password: "\${password}" }
      token: $.accessToken
      expiresIn: $.expiresIn
`;
    try {
      const { outcomes } = await configured(target, yaml, { ...EXPIRY, trials: 30 });
      expect(outcomes).toEqual(["expiry-race POST /points: proven"]);
    } finally {
      await target.stop();
    }
  });
});
