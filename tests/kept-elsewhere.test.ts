import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../labs/node/src/postgres/index.ts";
import { systemClock } from "../packages/deadheat/src/cli/clock.ts";
import { viewDatabase } from "../packages/deadheat/src/engine/database.ts";
import type { ScanOptions } from "../packages/deadheat/src/index.ts";
import { lacking } from "./support/debian.ts";
import { freePort } from "./support/port.ts";
import { scanned, through } from "./support/viewed.ts";
import { inRedis, keptTarget } from "./targets/kept.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

async function outcomeOf(kept: Parameters<typeof keptTarget>[1], options: Partial<ScanOptions> = {}) {
  const database = await viewDatabase({ url: postgres.url, clock: systemClock });
  const target = await keptTarget(through(postgres.url, database.port), kept);
  try {
    const only = { operation: "POST /points", weaknesses: ["lost-update"], ...options };
    const events = await scanned(target, database, only);
    return events.flatMap((event) => (event.type === "race-ended" ? [event.outcome] : []))[0];
  } finally {
    await target.stop();
    await database.close();
  }
}

/**
 * Schedules are realised, and say nothing of where the points are. All of these race there, which a schedule shows where the
 * gap of one call happens to fall into the time for which another one is held: then it is rightly proven.
 */
function expectNotClean(outcome: Awaited<ReturnType<typeof outcomeOf>>, why: RegExp): void {
  if (outcome?.status === "proven") return;
  expect(outcome?.status, outcome?.reason).toBe("inconclusive");
  expect(outcome?.schedules?.realised).toBeGreaterThan(0);
  expect(outcome?.reason).toMatch(why);
  expect(outcome?.schedules?.uncovered.join("\n")).toMatch(why);
}

describe("an API whose tokens are in the database, and noted in at each call", () => {
  it.each([
    ["in memory", /not what the database answered/],
    ["in a cache", /not what the database answered/],
    ["written behind", /not what the database answered/],
    ["by a function", /runs statements of its own inside the database: SELECT add_points/],
    ["by a trigger", /runs triggers inside the database: INSERT INTO watched_entries/],
  ] as const)(
    "is not called clean where its points are %s",
    async (kept, why) => {
      expectNotClean(await outcomeOf(kept), why);
    },
    120_000,
  );

  it("is not called clean where what it allows is counted in memory", async () => {
    const outcome = await outcomeOf("counted in memory", { weaknesses: ["limit-overrun"] });
    expectNotClean(outcome, /what decides is not read from this database, only written to it/);
  }, 120_000);

  it("is not called clean where its points are in Redis", async ({ skip }) => {
    const reason = await lacking({ "redis-server": ["redis-server", "--version"] });
    if (reason !== undefined) skip(reason);
    const port = await freePort();
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"];
    const redis = spawn("redis-server", args, { stdio: "ignore" });
    try {
      await expect.poll(() => answers(port), { timeout: 10_000 }).toBe(true);
      const store = inRedis(port);
      expectNotClean(await outcomeOf(store), /not what the database answered/);
      store.close();
    } finally {
      redis.kill();
    }
  }, 120_000);

  it.each(["in a row", "in entries", "in cents"] as const)(
    "is clean where its points are %s, and every schedule is realised",
    async (kept) => {
      const outcome = await outcomeOf(kept);
      expect(outcome, outcome?.reason).toMatchObject({
        status: "not-observed",
        schedules: { unrealised: 0, realised: outcome?.schedules?.planned },
      });
    },
    120_000,
  );
});

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const [event] = await Promise.race([
    once(socket, "connect").then(() => ["connect"]),
    once(socket, "error").then(() => ["error"]),
  ]).catch(() => ["error"]);
  socket.destroy();
  return event === "connect";
}
