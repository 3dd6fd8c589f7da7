import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../../labs/node/src/testing/postgres.ts";
import { oneTimeCodes } from "../codes.ts";
import { createSessions } from "../sessions.ts";
import { opaqueTokens } from "../tokens.ts";
import { cleanUp, migrations } from "./index.ts";

const FILES = fileURLToPath(new URL("../../migrations/", import.meta.url));

describe("the migrations", () => {
  it.each(migrations().map(({ name, sql }) => [name, sql]))(
    "%s is the file of that name",
    async (name, sql) => {
      await expect(sql).toMatchFileSnapshot(FILES + name);
    },
  );

  it("are all the files that there are, in their order", () => {
    expect(migrations().map(({ name }) => name)).toEqual(readdirSync(FILES).sort());
  });
});

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 10 });
pool.on("error", () => {});

describe.skipIf(!server)("the schema", () => {
  const schema = `o'clean "up"`;
  beforeAll(async () => {
    for (let time = 0; time < 2; time++) for (const { sql } of migrations(schema)) await pool.query(sql);
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });
  const rows = async (table: string): Promise<number> =>
    (await pool.query(`SELECT count(*)::int AS n FROM "o'clean ""up""".${table}`)).rows[0].n;

  it("is rid of what has expired, in batches, and of nothing else", async () => {
    const tokens = opaqueTokens({ schema });
    const sessions = createSessions({ pool, tokens, schema });
    const codes = oneTimeCodes({ schema });
    for (let time = 0; time < 5; time++)
      await sessions.open(pool, "ada", { accessSeconds: -2, refreshSeconds: -2 });
    await sessions.open(pool, "ada", { accessSeconds: 60, refreshSeconds: 60 });
    await codes.issue(pool, { subject: "ada", lifetimeSeconds: -2 });
    expect(await cleanUp(pool, { schema })).toMatchObject({
      access_tokens: 0,
      one_time_codes: 0,
      sessions: 0,
    });
    const now = { schema, keepSeconds: 0, batch: 3 };
    expect(await cleanUp(pool, now)).toEqual({
      access_tokens: 3,
      refresh_tokens: 3,
      one_time_codes: 1,
      idempotency_keys: 0,
      revoked_tokens: 0,
      // They have just been opened.
      sessions: 0,
    });
    expect(await cleanUp(pool, now)).toMatchObject({ access_tokens: 2, refresh_tokens: 2 });
    expect([await rows("access_tokens"), await rows("refresh_tokens"), await rows("sessions")]).toEqual([
      1, 1, 6,
    ]);
    await pool.query(`UPDATE "o'clean ""up""".sessions SET opened_at = opened_at - interval '2 hours'`);
    expect(await cleanUp(pool, { schema, keepSeconds: 0 })).toMatchObject({ sessions: 5 });
  });

  it("may be there in part only", async () => {
    await pool.query(oneTimeCodes({ schema: "part" }).migration);
    expect(await cleanUp(pool, { schema: "part" })).toEqual({ one_time_codes: 0 });
  });

  it.each([0, 1.5, Number.NaN])("has no batches of %d", async (batch) => {
    await expect(cleanUp(pool, { schema, batch })).rejects.toThrow(RangeError);
  });
});
