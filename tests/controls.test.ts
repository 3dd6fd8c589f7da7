import { describe, expect, it } from "vitest";
import { reportSchema } from "../packages/deadheat/src/index.ts";
import { secrets, type Target } from "./targets/api.ts";
import { type Control, controlledTarget } from "./targets/controlled.ts";
import { cellsOf, examined, found, heldAt } from "./targets/examined.ts";
import { type Holding, holdingTarget } from "./targets/holding.ts";
import { jwtTarget, type Verification } from "./targets/jwts.ts";
import { lines, scanned } from "./targets/scanned.ts";
import { signOutTarget } from "./targets/tokens.ts";

async function on<T extends Target, R>(start: Promise<T>, work: (target: T) => Promise<R>): Promise<R> {
  const target = await start;
  try {
    return await work(target);
  } finally {
    await target.stop();
  }
}

// Most of each is waiting for a revocation to be five seconds old.
describe.concurrent("the control matrix", () => {
  it.each<Control>([
    "right",
    "hides behind 404",
    "200 with an error",
    "empty for strangers",
    "optional",
    "public behind a declaration",
    "redirects to a login page",
    "200 to everything",
    "basic beside bearer",
    "signs out after 4.5 s",
    "one session a user",
    "counts attempts",
    "shared notes",
  ])("proves nothing on an API that is right: %s", async (control) => {
    const controls = await on(controlledTarget(control), examined);
    expect(found(controls)).toEqual([]);
    // Silence because nothing could be called would be worth nothing.
    expect(controls.rows.filter((row) => row.reason !== undefined)).toEqual([]);
    expect(cellsOf(controls, "GET /me")).toMatchObject({
      none: "refused",
      garbage: "refused",
      case: "accepted",
    });
  });

  it.each<[Control, string[]]>([
    ["no check on a note", ["control-mismatch GET /notes/{id}"]],
    ["no check on a write", ["control-mismatch PUT /notes/{id}"]],
    ["revokes nothing", ["control-mismatch POST /sign-out"]],
    [
      "revoked still reads",
      ["control-mismatch GET /me", "control-mismatch GET /notes", "control-mismatch GET /notes/{id}"],
    ],
  ])("proves what is not in force: %s", async (control, expected) => {
    expect(found(await on(controlledTarget(control), examined)).sort()).toEqual(expected);
  });

  it("tells a revocation that takes a while from one that does nothing", async () => {
    const controls = await on(controlledTarget("signs out after 4.5 s"), examined);
    expect(cellsOf(controls, "GET /me")).toMatchObject({ revoked1s: "accepted", revoked5s: "refused" });
    expect(controls.rows.flatMap((row) => row.remarks).join()).toMatch(/more than 1 s after the revocation/);
  });

  it("tells what is declared and not what is public", async () => {
    const controls = await on(controlledTarget("public behind a declaration"), examined);
    expect(cellsOf(controls, "GET /catalogue")).toMatchObject({ none: "withheld" });
    expect(controls.rows.flatMap((row) => row.remarks)).toContain(
      "declares bearer, and answers everybody alike, with or without a token",
    );
  });

  it("another user's token is a remark, since objects may be shared", async () => {
    const shared = await on(controlledTarget("shared notes"), examined);
    expect(cellsOf(shared, "GET /notes/{id}").other).toBe("accepted");
    expect(cellsOf(shared, "PUT /notes/{id}").other).toBe("refused");
  });
});

describe.concurrent("forged tokens", () => {
  it.each<[Verification, string]>([
    ["right", "not-observed"],
    ["RS256", "not-observed"],
    ["leeway of 60 s", "not-observed"],
    ["clock an hour behind", "not-observed"],
    ["no claims but sub", "not-observed"],
    ["cached by user", "not-observed"],
    ["opaque", "not-applicable"],
  ])("are refused by an API that is right: %s", async (verification, expected) => {
    const controls = await on(jwtTarget(verification), examined);
    expect(found(controls)).toEqual([]);
    expect(controls.outcomes.map(({ weakness, status }) => `${weakness} ${status}`)).toEqual([
      `token-unverified ${expected}`,
    ]);
  });

  it.each<[Verification, RegExp]>([
    ["alg none", /alg "nOnE", no signature/],
    ["no signature", /the signature left out/],
    ["any key", /signed with another key/],
    ["public key as secret", /HS256 with the public key as its secret \(PEM\)/],
    ["payload only", /HS256 with an empty key/],
    ["kid as a path", /kid is a path to an empty file/],
  ])("are proven where they are accepted: %s", async (verification, way) => {
    const controls = await on(jwtTarget(verification), examined);
    expect(found(controls)).toEqual(["token-unverified GET /me"]);
    const exhibits = controls.findings[0]?.evidence.flatMap((one) =>
      one.kind === "runtime" && one.form === "exchange" ? [one] : [],
    );
    expect(exhibits?.map((one) => one.summary).join("\n")).toMatch(way);
    for (const { exchanges, token } of exhibits ?? []) {
      expect(exchanges.map((one) => one.status)).toEqual([200, 200, 200]);
      expect(token).toMatchObject({ fingerprint: /^[0-9a-f]{8}$/, claims: expect.arrayContaining(["sub"]) });
    }
  });

  it("keys that cannot be had are told of: what was not tried is not refused", async () => {
    const [outcome] = (await on(jwtTarget("right"), examined)).outcomes;
    expect(outcome?.reason).toMatch(/no public key was found: .*\/keys\/jwks\.json answers 404/);
  });

  it.each<["never answered" | "at another origin" | "at another host", RegExp]>([
    ["never answered", /no public key was found: .*\/keys\/jwks\.json is not answered/],
    ["at another origin", /no public key was found: .*https:\/\/keys\.invalid is another origin/],
    ["at another host", /no public key was found: .*http:\/\/keys\.invalid is another origin/],
  ])("keys that are %s hold nothing up", async (keys, told) => {
    const controls = await on(jwtTarget("RS256", { keys }), (target) => examined(target, 1_500));
    expect(found(controls)).toEqual([]);
    expect(controls.outcomes[0]?.reason).toMatch(told);
  });

  it("a leeway is a remark", async () => {
    const controls = await on(jwtTarget("leeway of 60 s"), examined);
    expect(cellsOf(controls, "GET /me").expired).toBe("accepted");
    expect(cellsOf(await on(jwtTarget("right"), examined), "GET /me").expired).toBe("refused");
  });
});

describe.concurrent("a token that is let in after its end", () => {
  // What stands for the five minutes that a thorough scan waits is longer than the leeway.
  const later = (target: Target) => examined(target, undefined, 4_000);

  it("is a control that is not in force, where it is let in after any leeway", async () => {
    const controls = await on(jwtTarget("its end ignored"), later);
    expect(found(controls)).toEqual(["control-mismatch GET /me"]);
    expect(controls.rows[0]?.remarks.join()).toMatch(/minutes after its end: nobody looks at it/);
  });

  it("is a leeway where it is not let in any more later, and a remark where nobody waits", async () => {
    const within = await on(jwtTarget("leeway of 2 s"), later);
    expect(found(within)).toEqual([]);
    expect(cellsOf(within, "GET /me").expired).toBe("refused");
    const soon = await on(jwtTarget("its end ignored"), examined);
    expect(found(soon)).toEqual([]);
    expect(soon.rows.flatMap(({ remarks }) => remarks).join()).toMatch(/--thorough tells/);
  });
});

describe("a lock that is held while a body is missing", () => {
  it.each<[Holding, string, RegExp]>([
    ["nothing", "not-observed", /5 held requests kept nobody waiting/],
    ["the token", "proven", /POST \/signout under the same token waits/],
    ["the user", "proven", /waits/],
    ["everything", "inconclusive", /every user waits/],
    ["one worker", "inconclusive", /every user waits/],
  ])("%s: %s", async (holding, status, words) => {
    const { outcome, evidence } = await on(holdingTarget(holding), heldAt);
    expect(outcome.status).toBe(status);
    expect(evidence?.summary ?? outcome.reason).toMatch(words);
    const lengths = evidence?.measurements.map((one) => one.heldMs) ?? [];
    if (evidence) expect(lengths.filter((one) => one === 900).length).toBeGreaterThanOrEqual(5);
    for (const one of evidence?.measurements ?? []) expect(one.otherWaitedMs).toBeLessThan(one.waitedMs);
  });
});

describe("a whole scan", () => {
  it("says once that a sign-out revokes nothing, and leaves no doubt beside it", async () => {
    const weaknesses = ["revocation-race", "control-mismatch"];
    const { report } = await on(signOutTarget("nothing"), (target) => scanned(target, { weaknesses }));
    expect(lines(report)).toEqual([
      "revocation-race POST /points: not-applicable (POST /signout revokes nothing: proven there as control-mismatch)",
      "control-mismatch POST /signout: proven",
    ]);
    expect(reportSchema.safeParse(report).error).toBeUndefined();
  });

  it("has the matrix in its report, keeps to the schema, and lets no secret out", async () => {
    secrets.clear();
    const { report, events } = await on(jwtTarget("alg none"), (target) =>
      scanned(target, { weaknesses: ["control-mismatch", "token-unverified"] }),
    );
    expect(reportSchema.safeParse(report).error).toBeUndefined();
    expect(report.controls.map(({ operation }) => `${operation.method} ${operation.path}`)).toEqual([
      "GET /me",
    ]);
    expect(report.findings.map((one) => one.id)).toEqual(["token-unverified-get-me"]);
    const told = JSON.stringify(events);
    expect(secrets.size).toBeGreaterThan(5);
    expect([...secrets].filter((secret) => told.includes(secret))).toEqual([]);
    // Not even in parts: a forged token holds the genuine one's claims.
    const parts = [...secrets].flatMap((secret) => secret.split(".")).filter((part) => part.length > 30);
    expect(parts.filter((part) => told.includes(part))).toEqual([]);
  });
});
