import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../labs/node/src/postgres/index.ts";
import { systemClock } from "../../packages/deadheat/src/cli/clock.ts";
import { viewDatabase } from "../../packages/deadheat/src/engine/database.ts";
import type { ScanEvent } from "../../packages/deadheat/src/engine/events.ts";
import type { ScanOptions } from "../../packages/deadheat/src/engine/options.ts";
import { farDatabase } from "../support/far-database.ts";
import { scanned, through } from "../support/viewed.ts";
import { type Demotions, guardedApi } from "../targets/guarded-api.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

/** What the guard is for. */
const OPERATIONS = [
  ["revocation-race", "POST /profile/points"],
  ["lost-update", "POST /profile/points"],
  ["revocation-race", "POST /deposits"],
  ["idempotency-race", "POST /deposits"],
  ["single-use-code", "POST /codes/{id}/redeem"],
  ["refresh-reuse", "POST /tokens/refresh"],
  ["demotion-race", "POST /teams/{team}/budget"],
] as const;

const outcomes = (events: readonly ScanEvent[]) =>
  events.flatMap((event) => (event.type === "race-ended" ? [event.outcome] : []));
type Outcome = ReturnType<typeof outcomes>[number];
const named = ({ weakness, operation: { method, path } }: Outcome) =>
  `${weakness} ${method.toUpperCase()} ${path}`;

/** Those that the guard is for; and that none of the others is proven. */
function guarded(all: readonly Outcome[]): readonly Outcome[] {
  expect(all.filter((one) => one.status === "proven").map(named)).toEqual([]);
  const wanted = OPERATIONS.map(([weakness, operation]) => `${weakness} ${operation}`);
  const judged = all.filter((one) => wanted.includes(named(one)));
  expect(judged.map(named).sort()).toEqual(wanted.sort());
  for (const one of judged) expect(one.status, `${named(one)}: ${one.reason}`).toBe("not-observed");
  return judged;
}

async function viewed(demotions: Demotions, options: Partial<ScanOptions>): Promise<readonly Outcome[]> {
  const database = await viewDatabase({ url: postgres.url, clock: systemClock });
  const api = await guardedApi(through(postgres.url, database.port), demotions);
  try {
    return outcomes(await scanned(api, database, { timeLimitMs: 600_000, ...options }));
  } finally {
    await api.stop();
    await database.close();
  }
}

describe("the API of docs/guard and its teams", () => {
  it("is clean in every schedule of two requests", async () => {
    for (const { schedules } of guarded(await viewed("alone", {}))) {
      expect(schedules?.planned).toBeGreaterThan(1);
      expect(schedules).toMatchObject({ realised: schedules?.planned, unrealised: 0 });
    }
  }, 900_000);

  it("is not, without the lock that a demotion takes", async () => {
    const only = { weaknesses: ["demotion-race"], operation: "POST /teams/{team}/budget" };
    const [outcome] = await viewed("as anything", only);
    expect(outcome).toMatchObject({ status: "proven" });
  }, 120_000);

  // Between API and database there is a network: within one process, and without it, whether calls of 2 ms overlap
  // cannot be told.
  it("is clean in bursts", async () => {
    const far = await farDatabase(postgres.url, 1);
    const api = await guardedApi(far.url);
    try {
      const all = outcomes(await scanned(api, undefined, { trials: 60, timeLimitMs: 900_000 }));
      for (const { overlapped } of guarded(all)) expect(overlapped).toBeGreaterThanOrEqual(60);
    } finally {
      await api.stop();
      await far.stop();
    }
  }, 1_000_000);
});
