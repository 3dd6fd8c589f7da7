import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../labs/node/src/postgres/index.ts";
import { scanned, viewedLab } from "../support/viewed.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

/** The same mistakes are looked for by bursts in tests/broken.test.ts. */
it.each([
  "lock-removed",
  "recheck-before-lock",
  "order-changed",
  "unlocked-recheck",
  "commit-early",
] as const)(
  "%s is caught in the first exploration",
  async (broken) => {
    const viewed = await viewedLab(postgres.url, { broken, think: 1 });
    try {
      const options = { operation: "POST /guarded/profile/score", weaknesses: ["revocation-race"] };
      const events = await scanned(viewed.lab, viewed.database, options);
      const [ended] = events.flatMap((one) => (one.type === "race-ended" ? [one.outcome] : []));
      expect(ended?.status).toBe("proven");
    } finally {
      await viewed.stop();
    }
  },
  60_000,
);
