import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SCHEMES, type Side } from "../../labs/django/src/client/user.ts";
import {
  coupon,
  invitations,
  names,
  refresh,
  score,
  transfer,
} from "../../labs/django/src/experiments/bursts.ts";
import type { Experiment } from "../../labs/django/src/experiments/experiment.ts";
import { revocation } from "../../labs/django/src/experiments/withdrawals.ts";
import type { RunningRoute } from "../../packages/deadheat/src/plan/running-route.ts";
import {
  fixProject,
  holdTokens,
  openProgram,
  routesOfRunning,
  writePatches,
} from "../../packages/deadheat/src/source/index.ts";
import { root } from "../support/command.ts";
import { djangoLabForTests } from "../support/django.ts";
import { transcript } from "../support/django-transcript.ts";

const TRIALS = 8;
const WINDOW_MS = 200;
const folder = mkdtempSync(join(tmpdir(), "deadheat-fixed-"));
const app = join(folder, "fixed");
cpSync(join(root, "labs", "django", "app"), app, { recursive: true });
writePatches(app, (await fixProject(app)).patches);

/** The same with tokens that are held where a scan proves revocations to race, and by the revocation itself. */
const held = join(folder, "held");
cpSync(app, held, { recursive: true });
const routes = routesOfRunning(
  (await openProgram(app)).program,
  SCHEMES.flatMap((scheme) => [
    running(scheme, "score/", "lab.endpoints.score.RacyScore"),
    running(scheme, "logout/", "lab.endpoints.sessions.RacyLogout"),
  ]),
);
const named = (path: RegExp) =>
  routes.filter((one) => path.test(one.path)).map((route) => ({ method: "POST", path: route.path, route }));
const tokens = await holdTokens(app, named(/score/), { revokers: named(/logout/) });
writePatches(held, tokens.patches);

/** As the running lab has it: which scheme answers is an argument of `as_view()`. */
function running(scheme: string, path: string, view: string): RunningRoute {
  return {
    patterns: [{ kind: "route", text: `${scheme}/racy/${path}` }],
    function: view,
    view,
    actions: { post: "post" },
    rest: true,
  };
}

const lab = await djangoLabForTests({ think: 10, app });
const slow = lab && (await djangoLabForTests({ think: WINDOW_MS, app: held }));
afterAll(async () => {
  await Promise.all([lab?.stop(), slow?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function violations(side: Side, experiment: (offset: number) => Experiment): Promise<string[]> {
  const found: string[] = [];
  for (let index = 0; index < TRIALS; index++) {
    const trial = await experiment((index * WINDOW_MS) / 2 / TRIALS).run(side);
    if (trial.violated) found.push(trial.note);
  }
  return found;
}

const BURSTS = { score: score(), coupon, transfer, invitations, names } as const;
const CASES = SCHEMES.flatMap((scheme) =>
  Object.entries(BURSTS).map(([name, experiment]) => [scheme, name, experiment] as const),
);

describe.skipIf(!lab)("the racy half of the Django lab, fixed", () => {
  const url = lab?.url ?? "";

  it.each(CASES)("%s %s: no longer races", async (scheme, _, experiment) => {
    expect(await violations({ url, scheme, half: "racy" }, () => experiment)).toEqual([]);
  });

  it("bearer refresh: no longer races", async () => {
    expect(await violations({ url, scheme: "bearer", half: "racy" }, () => refresh)).toEqual([]);
  });

  it.each(["vulnerable/", "token-lock/", "drf-atomic/"])("listing %s: loses no update", async (path) => {
    expect(await violations({ url, scheme: "bearer", half: "listings" }, () => score(path))).toEqual([]);
  });

  it.each(SCHEMES)("%s: answers one call at a time as the right half does", async (scheme) => {
    expect(await transcript({ url, scheme, half: "racy" })).toEqual(
      await transcript({ url, scheme, half: "right" }),
    );
  });
});

describe.skipIf(!slow)("atomic views on PostgreSQL", () => {
  const url = slow?.url ?? "";

  it("are put into the views, and need nothing by hand", () => {
    expect(tokens).toMatchObject({ unfixed: [], warnings: [] });
    expect(tokens.patches.map(({ file }) => file).sort()).toEqual([
      "lab/endpoints/atomic_views.py",
      "lab/endpoints/score.py",
      "lab/endpoints/sessions.py",
    ]);
  });

  it.each(SCHEMES)("%s: answer one call at a time as before", async (scheme) => {
    expect(await transcript({ url, scheme, half: "racy" })).toEqual(
      await transcript({ url, scheme, half: "right" }),
    );
  });

  it.each(SCHEMES)("%s: nothing is written after a logout was acknowledged", async (scheme) => {
    const side: Side = { url, scheme, half: "racy" };
    expect(await violations(side, () => revocation("held"))).toEqual([]);
    expect(await violations(side, (offset) => revocation(offset))).toEqual([]);
    expect(await violations(side, () => score())).toEqual([]);
  });

  it("without them, the same view writes after a logout", async () => {
    expect(await violations({ url, scheme: "bearer", half: "unlocked" }, (ms) => revocation(ms))).not.toEqual(
      [],
    );
  });
});
