import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import { ATOMIC_VIEWS, fixProject, writePatches } from "../../packages/deadheat/src/source/fixes/index.ts";
import { root } from "../support/command.ts";
import { djangoLabForTests } from "../support/django.ts";
import { transcript } from "../support/django-transcript.ts";

const TRIALS = 8;
const WINDOW_MS = 200;
const folder = mkdtempSync(join(tmpdir(), "deadheat-fixed-"));
const app = join(folder, "fixed");
cpSync(join(root, "labs", "django", "app"), app, { recursive: true });
writePatches(app, (await fixProject(app)).patches);

/** The same with tokens that are held: the mixin on one view, and a revocation that waits for it. */
const held = join(folder, "held");
cpSync(app, held, { recursive: true });
writeFileSync(join(held, "lab", "atomic_views.py"), ATOMIC_VIEWS);
change("endpoints/score.py", "class RacyScore(Score, Racy)", "class RacyScore(AtomicAuthMixin, Score, Racy)");
change(
  "endpoints/score.py",
  "from lab.models",
  "from lab.atomic_views import AtomicAuthMixin\nfrom lab.models",
);
change(
  "schemes/jwt.py",
  "            with transaction.atomic():",
  "            with revoking(request.user):",
);
change("schemes/jwt.py", "from lab.models", "from lab.atomic_views import revoking\nfrom lab.models");

function change(file: string, from: string, to: string): void {
  const path = join(held, "lab", file);
  const before = readFileSync(path, "utf8");
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
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

  it.each(["token", "jwt"] as const)(
    "%s: nothing is written after a logout was acknowledged",
    async (scheme) => {
      const side: Side = { url, scheme, half: "racy" };
      expect(await violations(side, () => revocation("held"))).toEqual([]);
      expect(await violations(side, (offset) => revocation(offset))).toEqual([]);
      expect(await violations(side, () => score())).toEqual([]);
    },
  );

  it("without them, the same view writes after a logout", async () => {
    expect(await violations({ url, scheme: "bearer", half: "unlocked" }, (ms) => revocation(ms))).not.toEqual(
      [],
    );
  });
});
