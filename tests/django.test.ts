import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { hold } from "../labs/django/src/client/http.ts";
import { newUser, SCHEMES, type Scheme, type Side } from "../labs/django/src/client/user.ts";
import {
  coupon,
  invitations,
  names,
  refresh,
  score,
  transfer,
} from "../labs/django/src/experiments/bursts.ts";
import type { Experiment } from "../labs/django/src/experiments/experiment.ts";
import { demotion, ownership, revocation } from "../labs/django/src/experiments/withdrawals.ts";
import { djangoLabForTests } from "./support/django.ts";
import { transcript } from "./support/django-transcript.ts";

const TRIALS = 5;
/** A withdrawal and two reads have to fit between check and act, on a busy machine too. */
const WINDOW_MS = 200;

const lab = await djangoLabForTests({ think: 10 });
const slow = lab && (await djangoLabForTests({ think: WINDOW_MS }));
const url = lab?.url ?? "";
const slowUrl = slow?.url ?? "";
afterAll(() => Promise.all([lab?.stop(), slow?.stop()]));

/** How many of the trials were violated; the offset, where there is one, runs through half of the window. */
async function violations(side: Side, experiment: (offset: number) => Experiment): Promise<number> {
  let violated = 0;
  for (let index = 0; index < TRIALS; index++) {
    const trial = await experiment((index * WINDOW_MS) / 2 / TRIALS).run(side);
    if (trial.violated) violated++;
  }
  return violated;
}

/** Whether a race shows within five times as many trials; on a busy machine the window is missed now and then. */
async function races(side: Side, experiment: (offset: number) => Experiment): Promise<boolean> {
  for (let round = 0; round < 5; round++) if ((await violations(side, experiment)) > 0) return true;
  return false;
}

describe.skipIf(!lab)("the Django lab, one call at a time", () => {
  it.each(SCHEMES)("answers alike in both halves: %s", async (scheme) => {
    const racy = await transcript({ url, scheme, half: "racy" });
    expect(await transcript({ url, scheme, half: "right" })).toEqual(racy);
    // What both agree on must be worth agreeing on.
    expect(racy.length).toBeGreaterThan(35);
    expect(racy.filter((line) => /→ (5\d\d|404 undefined|0)/.test(line))).toEqual([]);
  });

  it("the unlocked half behaves as the right one does, as far as it goes", async () => {
    const own = (lines: string[]) => lines.filter((line) => /score\/|logout\//.test(line));
    const right = await transcript({ url, scheme: "bearer", half: "right" });
    const unlocked = await transcript({ url, scheme: "bearer", half: "unlocked" });
    expect(own(unlocked)).toEqual(own(right));
  });

  it("its API documents name every path that the halves have, each under a scheme of its own", () => {
    for (const scheme of SCHEMES) {
      const document = parse(readFileSync(lab!.documents[scheme], "utf8"));
      const paths = Object.keys(document.paths);
      const racy = paths.filter((path) => path.startsWith(`/${scheme}/racy/`));
      expect(racy.length).toBeGreaterThan(18);
      const right = racy.map((path) => path.replace("/racy/", "/right/"));
      expect(paths).toEqual(expect.arrayContaining(right));
      expect(Object.keys(document.components.securitySchemes)).toHaveLength(scheme === "bearer" ? 4 : 3);
    }
    const listings = parse(readFileSync(lab!.documents.listings, "utf8"));
    for (const path of ["vulnerable", "token-lock", "drf-atomic"])
      expect(listings.paths[`/listings/${path}/`].post.security).toEqual([{ listingsBearer: [] }]);
  });
});

type Way = readonly [name: string, experiment: (offset: number) => Experiment];
const labFor = (name: string) => (name.endsWith("by offset") ? slowUrl : url);
const BURSTS: readonly Way[] = [
  ["score", () => score()],
  ["coupon", () => coupon],
  ["transfer", () => transfer],
  ["invite limit", () => invitations],
  ["unique create", () => names],
  ["refresh rotation", () => refresh],
];
const WITHDRAWALS: readonly Way[] = [
  ["logout, held body", () => revocation("held")],
  ["logout, by offset", (ms) => revocation(ms)],
  ["ownership, held body", () => ownership("held")],
  ["ownership, by offset", (ms) => ownership(ms)],
  ["demotion, held body", () => demotion("held")],
  ["demotion, by offset", (ms) => demotion(ms)],
];
/** Everything under the bearer scheme; under the others, what depends on the credential. */
const CASES = [
  ...[...BURSTS, ...WITHDRAWALS].map((way) => ["bearer", ...way] as const),
  ...(["token", "jwt"] as const).flatMap((scheme) =>
    [BURSTS[0]!, WITHDRAWALS[0]!, WITHDRAWALS[1]!].map((way) => [scheme, ...way] as const),
  ),
  ["jwt", ...BURSTS[5]!] as const,
];

describe.skipIf(!lab)("the Django lab, several calls at a time (gunicorn 2 × 8)", () => {
  it.each(CASES)(
    "%s %s: the racy half races, the right one never",
    async (scheme: Scheme, name, experiment) => {
      const side = { url: labFor(name), scheme };
      expect(await races({ ...side, half: "racy" }, experiment)).toBe(true);
      expect(await violations({ ...side, half: "right" }, experiment)).toBe(0);
    },
  );

  it.each(SCHEMES)("%s: checking again without a lock loses to a logout all the same", async (scheme) => {
    const side: Side = { url, scheme, half: "unlocked" };
    expect(await races({ ...side, url: slowUrl }, (ms) => revocation(ms))).toBe(true);
    // The body is read before the second check, so that holding it back is of no use.
    expect(await violations(side, () => revocation("held"))).toBe(0);
    expect(await violations(side, () => score())).toBe(0);
  });
});

describe.skipIf(!lab)("a rotation with a grace period", () => {
  it("answers all of a burst with the same pair, and has one successor", async () => {
    const trial = await refresh.run({ url, scheme: "bearer", half: "grace" });
    expect(trial.statuses).toEqual(Array(16).fill(200));
    expect(trial).toMatchObject({ violated: false, note: "1 successors, 1 alive" });
  });
});

describe.skipIf(!lab)("the listings", () => {
  const side: Side = { url, scheme: "bearer", half: "listings" };
  const count = (experiment: Experiment) => violations(side, () => experiment);

  it("1, vulnerable: loses updates, and acts after a revocation", async () => {
    expect(await count(score("vulnerable/"))).toBe(TRIALS);
    expect(await count(revocation("held", "vulnerable/"))).toBe(TRIALS);
  });

  it("2, token lock: safe with one token, not with two; a slow body delays the logout", async () => {
    expect(await count(score("token-lock/"))).toBe(0);
    expect(await races(side, () => score("token-lock/", 2))).toBe(true);
    expect(await count(revocation(5, "token-lock/"))).toBe(0);

    const user = await newUser(side);
    const slow = await hold(url, user.request("POST", "token-lock/", { score: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = performance.now();
    const logout = user.call("POST", "logout/");
    await new Promise((resolve) => setTimeout(resolve, 600));
    await slow.release();
    expect((await logout).at - asked).toBeGreaterThan(600);
  });

  it("3, DRF with atomic: loses updates, and acts after a revocation", async () => {
    expect(await count(score("drf-atomic/"))).toBe(TRIALS);
    expect(await count(revocation("held", "drf-atomic/"))).toBe(TRIALS);
  });
});
