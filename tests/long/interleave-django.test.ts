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

describe.skipIf(!probe)("a right endpoint of Django's, broken, is caught in the first exploration", () => {
  it("the lock removed", async () => {
    const edit = ["schemes/bearer.py", "select_for_update() if lock else", "all() if lock else"] as const;
    const [outcome] = await outcomesOf("right", [edit], ["revocation-race"]);
    expect(outcome?.status, outcome?.reason).toBe("proven");
  });
});
