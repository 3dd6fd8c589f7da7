import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../testing/postgres.ts";
import { runOwner } from "../testing/program.ts";
import { eventually } from "../testing/traces.ts";
import { startPostgres } from "./index.ts";

const server = await postgresForTests();
const admin = new pg.Client(server?.url);
if (server) await admin.connect();
afterAll(async () => {
  await admin.end();
  await server?.stop();
});

/** The databases of the lab on the server, as far as they are made by this test. */
async function databases(): Promise<string[]> {
  const { rows } = await admin.query(
    "SELECT datname FROM pg_database WHERE datname LIKE 'deadheat\\_lab\\_%'",
  );
  return rows.map((row) => row.datname);
}

describe.skipIf(!server || server.source === "DATABASE_URL")("startPostgres with DATABASE_URL", () => {
  it("makes a database of its own and drops it, whoever is connected", async () => {
    const { url, source, version, stop } = await startPostgres({ databaseUrl: server!.url });
    expect(source).toBe("DATABASE_URL");
    expect(version).toBe(server!.version);
    expect(await databases()).toEqual([new URL(url).pathname.slice(1)]);
    const guest = new pg.Client(url);
    guest.on("error", () => {});
    await guest.connect();
    await stop();
    expect(await databases()).toEqual([]);
  });

  it("two at a time do not sweep each other", async () => {
    const two = await Promise.all([1, 2].map(() => startPostgres({ databaseUrl: server!.url })));
    const third = await startPostgres({ databaseUrl: server!.url });
    expect(await databases()).toHaveLength(3);
    await Promise.all([...two, third].map((one) => one.stop()));
    expect(await databases()).toEqual([]);
  });

  it("drops it when its owner is killed", async () => {
    const owner = runOwner("wait", { env: { ...process.env, DATABASE_URL: server!.url } });
    await owner.line();
    expect(await databases()).toHaveLength(1);
    owner.child.kill("SIGKILL");
    await eventually(databases, (left) => left.length === 0);
  });

  it("sweeps what was left over", async () => {
    await admin.query("CREATE DATABASE deadheat_lab_left");
    const one = await startPostgres({ databaseUrl: server!.url });
    expect(await databases()).not.toContain("deadheat_lab_left");
    await one.stop();
  });
});

describe("a DATABASE_URL that leads nowhere", () => {
  it("is an error of its own, not a reason to take another server, and keeps the password", async () => {
    const start = startPostgres({ databaseUrl: "postgres://someone:s3cret@127.0.0.1:1/x" });
    const error = await start.catch((caught) => caught);
    expect(error).toMatchObject({ code: "database-url", hint: expect.stringContaining("DATABASE_URL") });
    expect(`${error.message} ${error.stack}`).not.toContain("s3cret");
  });
});
