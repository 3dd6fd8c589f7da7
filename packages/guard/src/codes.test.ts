import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { oneTimeCodes } from "./codes.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 20 });
pool.on("error", () => {});
const codes = oneTimeCodes({ schema: "code_test", attempts: 3 });
const issue = (lifetimeSeconds = 60) => codes.issue(pool, { subject: "ada", lifetimeSeconds });
/** Another code than the right one. */
const wrong = (code: string) => code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));

describe.skipIf(!server)("one-time codes", () => {
  beforeAll(async () => {
    await pool.query(codes.migration);
    await pool.query(codes.migration);
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it("are good for one redemption", async () => {
    const { id, code } = await issue();
    expect(code).toMatch(/^\d{6}$/);
    expect(await codes.redeem(pool, id, code)).toBe("ada");
    expect(await codes.redeem(pool, id, code)).toBeUndefined();
  });

  it("at the same time as well", async () => {
    const { id, code } = await issue();
    const many = oneTimeCodes({ schema: "code_test", attempts: 20 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => many.redeem(pool, id, code)));
    expect(answers.filter((subject) => subject === "ada")).toHaveLength(1);
  });

  it("may be mistyped, but not guessed", async () => {
    const [kind, cruel] = [await issue(), await issue()];
    for (let time = 0; time < 2; time++) await codes.redeem(pool, kind.id, wrong(kind.code));
    expect(await codes.redeem(pool, kind.id, kind.code)).toBe("ada");
    await Promise.all(Array.from({ length: 10 }, () => codes.redeem(pool, cruel.id, wrong(cruel.code))));
    expect(await codes.redeem(pool, cruel.id, cruel.code)).toBeUndefined();
  });

  it("expire", async () => {
    const { id, code } = await issue(-1);
    expect(await codes.redeem(pool, id, code)).toBeUndefined();
  });

  it("belong to their id, and without a subject are never right", async () => {
    const [one, two] = [await issue(), await issue()];
    if (one.code !== two.code) expect(await codes.redeem(pool, one.id, two.code)).toBeUndefined();
    const nobody = await codes.issue(pool, { lifetimeSeconds: 60 });
    expect(await codes.redeem(pool, nobody.id, nobody.code)).toBeUndefined();
  });

  it("are not stored as they are", async () => {
    const { id, code } = await issue();
    const { rows } = await pool.query("SELECT c::text FROM code_test.one_time_codes c WHERE id = $1", [id]);
    expect(rows[0].c.replace(id, "")).not.toMatch(new RegExp(`\\b${code}\\b`));
  });
});

describe("oneTimeCodes", () => {
  it.each([3, 15, 6.5, Number.NaN])("refuses %d digits", (digits) => {
    expect(() => oneTimeCodes({ digits })).toThrow(TypeError);
  });
});
