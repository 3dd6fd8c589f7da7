import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../labs/node/src/postgres/index.ts";
import { scanned, viewedLab } from "./support/viewed.ts";

let postgres: Postgres;
let viewed: Awaited<ReturnType<typeof viewedLab>>;
beforeAll(async () => {
  postgres = await startPostgres();
  viewed = await viewedLab(postgres.url, { suites: ["resources"], think: 1 });
}, 60_000);
afterAll(async () => {
  await viewed?.stop();
  await postgres?.stop();
});

async function outcomeOf(weakness: string, operation: string) {
  const lab = { url: viewed.lab.url, document: viewed.lab.suiteDocuments[0] as string };
  const events = await scanned(lab, viewed.database, { operation, weaknesses: [weakness] });
  return events.flatMap((one) => (one.type === "race-ended" ? [one.outcome] : []))[0];
}

/** Requests that differ, and a write beside reads; each right in another way. */
const PAIRS: [string, string][] = [
  ["missing-transaction", "POST /HALF/transfers"],
  ["write-skew", "POST /HALF/transfers"],
  ["use-after-delete", "POST /HALF/folders/{id}/notes"],
];

describe("pairs on a stage", () => {
  it.each(PAIRS)("%s at %s is proven in the first exploration", async (weakness, operation) => {
    const outcome = await outcomeOf(weakness, operation.replace("HALF", "racy"));
    expect(outcome).toMatchObject({ status: "proven", schedules: { unrealised: 0 } });
  });

  it.each(PAIRS)("%s at %s is clean in every schedule where it is right", async (weakness, operation) => {
    const outcome = await outcomeOf(weakness, operation.replace("HALF", "guarded"));
    expect(outcome?.status, outcome?.reason).toBe("not-observed");
    expect(outcome?.schedules?.planned).toBeGreaterThan(1);
    expect(outcome?.schedules).toMatchObject({ realised: outcome?.schedules?.planned, unrealised: 0 });
  });
});
