import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startDjangoLab } from "../../labs/django/src/index.ts";
import { type Postgres, startPostgres } from "../../labs/node/src/postgres/index.ts";
import { systemClock } from "../../packages/deadheat/src/cli/clock.ts";
import { viewDatabase } from "../../packages/deadheat/src/engine/database.ts";
import { djangoLabForTests } from "../support/django.ts";
import { scanned, through } from "../support/viewed.ts";
import { documentOf } from "../targets/django.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const APP = fileURLToPath(new URL("../../labs/django/app", import.meta.url));
const probe = await djangoLabForTests();
await probe?.stop();

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

/** What stands in a file of the lab, and what stands there instead. */
type Edit = readonly [file: string, text: string, instead: string];

/** Outcomes of the races at one operation of a changed copy of the lab, by weakness. */
async function outcomesOf(half: "racy" | "right", edits: readonly Edit[], weaknesses: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-django-"));
  const app = join(folder, "app");
  cpSync(APP, app, { recursive: true });
  for (const [file, text, instead] of edits) {
    const path = join(app, "lab", file);
    const source = readFileSync(path, "utf8");
    expect(source).toContain(text);
    writeFileSync(path, source.replace(text, instead));
  }
  const database = await viewDatabase({ url: postgres.url, clock: systemClock });
  const databaseUrl = through(postgres.url, database.port);
  const lab = await startDjangoLab({ databaseUrl, app, think: 1, workers: 1, threads: 4 });
  try {
    const document = documentOf(lab, { scheme: "bearer", half }, folder);
    const only = { operation: `POST /bearer/${half}/score/`, weaknesses };
    const events = await scanned({ url: lab.url, document }, database, only);
    return events.flatMap((one) => (one.type === "race-ended" ? [one.outcome] : []));
  } finally {
    await lab.stop();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const BASE = "endpoints/base.py";
const HELD = `        def held():
            self.scheme.hold(self.request)
            return change(*args)

        return transact(held)
`;
const held = (...lines: string[]): string =>
  [
    "        def held():",
    ...lines.map((line) => `            ${line}`),
    "",
    "        return transact(held)",
    "",
  ].join("\n");

describe.skipIf(!probe)("a right endpoint of Django's, broken, is caught in the first exploration", () => {
  it.each<[string, string, Edit]>([
    [
      "the lock removed",
      "revocation-race",
      ["schemes/bearer.py", "select_for_update() if lock else", "all() if lock else"],
    ],
    [
      "the lock on another row",
      "revocation-race",
      [
        BASE,
        HELD,
        held(
          "from lab.models import Profile",
          "Profile.objects.select_for_update().get(user=self.request.user)",
          "self.scheme.hold(self.request, lock=False)",
          "return change(*args)",
        ),
      ],
    ],
    [
      "checked again without a lock",
      "revocation-race",
      [BASE, HELD, held("self.scheme.hold(self.request, lock=False)", "return change(*args)")],
    ],
    [
      "checked again before the lock, not after it",
      "revocation-race",
      [
        BASE,
        HELD,
        held(
          "from lab.models import AccessToken",
          "self.scheme.hold(self.request, lock=False)",
          "AccessToken.objects.select_for_update().get(pk=self.request.auth.pk)",
          "return change(*args)",
        ),
      ],
    ],
    [
      "committed before the change",
      "revocation-race",
      [
        BASE,
        HELD,
        "        transact(lambda: self.scheme.hold(self.request))\n        return change(*args)\n",
      ],
    ],
    [
      "a sum made in Python",
      "lost-update",
      [
        "endpoints/score.py",
        `        self.think()
        Profile.objects.filter(user=self.request.user).update(score=F("score") + score)
`,
        `        profile = Profile.objects.get(user=self.request.user)
        self.think()
        Profile.objects.filter(user=self.request.user).update(score=profile.score + score)
`,
      ],
    ],
  ])("%s", async (_name, weakness, edit) => {
    const [outcome] = await outcomesOf("right", [edit], [weakness]);
    expect(outcome?.status, outcome?.reason).toBe("proven");
  });
});

describe.skipIf(!probe)("connections that are", () => {
  it.each([
    ["opened for each request", "0"],
    ["kept for ever", "None"],
  ])("%s: racy is proven, right is clean in every schedule", async (_name, age) => {
    const edit = ["switches.py", '"CONN_MAX_AGE": 600', `"CONN_MAX_AGE": ${age}`] as const;
    const races = ["lost-update", "revocation-race"];
    for (const outcome of await outcomesOf("racy", [edit], races))
      expect(outcome, outcome.reason).toMatchObject({ status: "proven", schedules: { unrealised: 0 } });
    for (const outcome of await outcomesOf("right", [edit], races)) {
      expect(outcome, outcome.reason).toMatchObject({ status: "not-observed", schedules: { unrealised: 0 } });
      expect(outcome.schedules?.planned).toBeGreaterThan(2);
    }
  });
});
