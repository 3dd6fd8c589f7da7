import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import { createGuard } from "./guard.ts";
import { type IdempotentRequest, idempotencyKeys } from "./idempotency.ts";
import { opaqueTokens } from "./tokens.ts";
import type { Isolation } from "./transaction.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 20 });
pool.on("error", () => {});
const schema = "idempotency_test";
const tokens = opaqueTokens({ schema });
const guard = createGuard({ pool, tokens });
const keys = idempotencyKeys({ schema });
const authorizations = new Map<string, string>();
const orders = async (): Promise<number> =>
  (await pool.query("SELECT count(*)::int AS n FROM orders")).rows[0].n;
let made = 0;
const newKey = () => `key-${++made}`;

interface Options {
  readonly as?: string;
  readonly isolation?: Isolation;
  readonly in?: typeof keys;
  meanwhile?(): Promise<unknown>;
}

function order(
  key: IdempotentRequest["key"],
  item: unknown,
  { as = "ada", isolation, meanwhile, ...rest }: Options = {},
) {
  return guard.run(
    authorizations.get(as),
    (guarded) =>
      (rest.in ?? keys).once(guarded, { key, request: ["POST /orders", item] }, async () => {
        await guarded.tx.query("INSERT INTO orders VALUES ($1)", [JSON.stringify(item)]);
        await meanwhile?.();
        return { item };
      }),
    isolation ? { isolation } : {},
  );
}

describe.skipIf(!server)("idempotency keys", () => {
  beforeAll(async () => {
    for (const sql of [tokens.migration, keys.migration, keys.migration]) await pool.query(sql);
    await pool.query("CREATE TABLE orders (item text)");
    for (const subject of ["ada", "bob"])
      authorizations.set(
        subject,
        `Bearer ${(await tokens.issue(pool, { subject, lifetimeSeconds: 600 })).token}`,
      );
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it.each<Isolation>(["read committed", "repeatable read", "serializable"])(
    "%s: do their work once, and give its answer again",
    async (isolation) => {
      const [before, key] = [await orders(), newKey()];
      expect(await order(key, { a: 1, b: [2] }, { isolation })).toEqual({
        answer: { item: { a: 1, b: [2] } },
        replayed: false,
      });
      // The same request, whatever the order of its members.
      expect(await order(key, { b: [2], a: 1 }, { isolation })).toEqual({
        answer: { item: { a: 1, b: [2] } },
        replayed: true,
      });
      expect(await orders()).toBe(before + 1);
    },
  );

  it("answer 409 while the first request is being worked on, and its answer after that", async () => {
    const [before, key] = [await orders(), newKey()];
    let second: unknown;
    const meanwhile = () =>
      order(key, 7).catch((error) => {
        second = error;
      });
    await order(key, 7, { meanwhile });
    expect(second).toMatchObject({ code: "idempotency-key-in-use", status: 409 });
    expect(await order(key, 7)).toEqual({ answer: { item: 7 }, replayed: true });
    expect(await orders()).toBe(before + 1);
  });

  it.each<Isolation>(["read committed", "serializable"])(
    "%s: have one effect, however many come at once",
    async (isolation) => {
      const [before, key] = [await orders(), newKey()];
      const answers = await Promise.allSettled(
        Array.from({ length: 15 }, () => order(key, 7, { isolation })),
      );
      for (const answer of answers) {
        if (answer.status === "fulfilled") expect(answer.value.answer).toEqual({ item: 7 });
        else expect(answer.reason).toMatchObject({ code: "idempotency-key-in-use" });
      }
      expect(await orders()).toBe(before + 1);
    },
  );

  it("answer 422 to another request with the same key", async () => {
    const key = newKey();
    await order(key, 7);
    await expect(order(key, 8)).rejects.toMatchObject({ code: "idempotency-key-reused", status: 422 });
    await expect(order(key, "7")).rejects.toMatchObject({ code: "idempotency-key-reused" });
  });

  it("are as good as new where the work was undone", async () => {
    const [before, key] = [await orders(), newKey()];
    const failing = order(key, 7, { meanwhile: () => Promise.reject(new Error("no")) });
    await expect(failing).rejects.toThrow("no");
    expect(await order(key, 8)).toMatchObject({ replayed: false });
    expect(await orders()).toBe(before + 1);
  });

  it("are a subject's own", async () => {
    const key = newKey();
    await order(key, 7);
    expect(await order(key, 8, { as: "bob" })).toMatchObject({ answer: { item: 8 }, replayed: false });
  });

  it("can be used again once they have expired", async () => {
    const [brief, key] = [idempotencyKeys({ schema, lifetimeSeconds: -1 }), newKey()];
    for (const item of [7, 8])
      expect(await order(key, item, { in: brief })).toMatchObject({ replayed: false });
  });

  it("are read as they are, or as the string of a structured field", async () => {
    const key = newKey();
    await order(`"${key} \\"x\\" \\\\"`, 7);
    expect(await order(`${key} "x" \\`, 7)).toMatchObject({ replayed: true });
    const missing = { code: "idempotency-key-missing", status: 400 };
    for (const bad of [undefined, "", "  ", '""', "a\u0000", "ü", "x".repeat(256), ["a", "b"]])
      await expect(order(bad, 7), String(bad)).rejects.toMatchObject(missing);
    expect(await order("x".repeat(255), 7)).toMatchObject({ replayed: false });
  });

  it("give undefined and null again as what they were", async () => {
    for (const value of [undefined, null]) {
      const key = newKey();
      const once = () =>
        guard.run(authorizations.get("ada"), (guarded) =>
          keys.once(guarded, { key, request: 1 }, async () => value),
        );
      await once();
      expect(await once()).toEqual({ answer: value, replayed: true });
    }
  });
});
