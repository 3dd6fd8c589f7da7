import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../labs/node/src/postgres/index.ts";
import { systemClock } from "../packages/deadheat/src/cli/clock.ts";
import { type DatabaseInView, viewDatabase } from "../packages/deadheat/src/engine/database.ts";
import { scanned, through } from "./support/viewed.ts";
import type { Target } from "./targets/api.ts";
import { guardedApi } from "./targets/guarded-api.ts";

let postgres: Postgres;
let database: DatabaseInView;
let api: Target;
beforeAll(async () => {
  postgres = await startPostgres();
  database = await viewDatabase({ url: postgres.url, clock: systemClock });
  api = await guardedApi(through(postgres.url, database.port));
}, 60_000);
afterAll(async () => {
  await api?.stop();
  await database?.close();
  await postgres?.stop();
});

/** All that the API has, by bursts and by all schedules, is in tests/long/guard-api.test.ts. */
describe("the API of docs/guard, its database in view", () => {
  it.each([["revocation-race", "POST /profile/points"]])(
    "%s at %s: clean in every schedule",
    async (weakness, operation) => {
      const events = await scanned(api, database, { operation, weaknesses: [weakness] });
      const [outcome] = events.flatMap((event) => (event.type === "race-ended" ? [event.outcome] : []));
      expect(outcome?.status, outcome?.reason).toBe("not-observed");
      expect(outcome?.schedules?.planned).toBeGreaterThan(1);
      expect(outcome?.schedules).toMatchObject({ realised: outcome?.schedules?.planned, unrealised: 0 });
    },
    60_000,
  );
});
