import { describe, expect, it } from "vitest";
import { configured } from "./targets/configured.ts";
import { type Revoking, revokingTarget } from "./targets/revoking.ts";

const WEAKNESSES = ["revocation-race"];

async function scannedWith(racy: boolean, revoke: (target: Revoking) => string, weaknesses = WEAKNESSES) {
  const target = await revokingTarget(racy);
  try {
    const { outcomes, report } = await configured(target.api, target.config(revoke(target)), {
      weaknesses,
      trials: 24,
    });
    return { outcomes, report, issuer: target.issuer.url };
  } finally {
    await target.stop();
  }
}

const elsewhere = ({ issuer }: Revoking) =>
  `{ request: "POST ${issuer.url}/revoke", form: { token: "\${token}" } }`;
const numbered = () => `
      - { request: GET /session, extract: { number: $.number } }
      - { request: "DELETE /sessions/\${number}" }`;

describe.concurrent("a revocation that only the configuration tells of", () => {
  it.each([
    ["at another origin (RFC 7009)", elsewhere],
    ["in two steps, the first of which finds out what to end", numbered],
  ] as const)("%s: proven where nothing looks again", async (_name, revoke) => {
    const { outcomes, report } = await scannedWith(true, revoke);
    expect(outcomes).toEqual(["revocation-race POST /points: proven"]);
    expect(JSON.stringify(report)).toMatch(/(revoke|DELETE \/sessions\/\$\{number\}) was acknowledged/);
  });

  it.each([
    ["at another origin", elsewhere],
    ["in two steps", numbered],
  ] as const)("%s: not observed where it waits for what is under way", async (_name, revoke) => {
    const { outcomes } = await scannedWith(false, revoke);
    expect(outcomes).toEqual(["revocation-race POST /points: not-observed"]);
  });

  it("is put to the test in the control matrix, too", async () => {
    const { report } = await scannedWith(true, elsewhere, ["control-mismatch"]);
    const row = report.controls.find(({ operation }) => operation.path === "/me");
    expect(row?.enforced.revoked).toMatchObject({ answer: "refused" });
    expect(row?.enforced.revoked?.tested).toMatch(/after POST \/revoke/);
  });

  it("is not planned where no recipe and no operation ends a token", async () => {
    const target = await revokingTarget(true);
    const yaml = target.config("X").replace(/\n {4}revoke: X/, "");
    const { outcomes } = await configured(target.api, yaml, { weaknesses: WEAKNESSES, trials: 2 });
    await target.stop();
    expect(outcomes).toEqual([]);
  });
});
