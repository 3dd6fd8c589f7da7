import { request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../../labs/node/src/testing/postgres.ts";
import { nodePostgres } from "../adapters/node-postgres.ts";
import { createGuard } from "../guard.ts";
import { opaqueTokens } from "../tokens.ts";
import { expressGuard, Reply } from "./express.ts";
import { fastifyGuard } from "./fastify.ts";
import { honoGuard } from "./hono.ts";

const server = await postgresForTests();
const plain = new pg.Pool({ connectionString: server?.url, max: 10 });
plain.on("error", () => {});
const pool = nodePostgres(plain);
const tokens = opaqueTokens({ schema: "plugin_test" });
const guard = createGuard({ pool, tokens, realm: "shop" });
const issue = async (scopes: string[] = []) =>
  `Bearer ${(await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 60, scopes })).token}`;
const count = async (): Promise<number> =>
  (await plain.query("SELECT count(*)::int AS n FROM done")).rows[0].n;
const insert = "INSERT INTO done VALUES (1)";
/** Called in the middle of POST /slow. */
let entered = () => {};

interface Served {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The same API three times: POST /add, GET /admin for a scope, POST /fail, POST /slow. */
const FRAMEWORKS: Record<string, () => Promise<Served>> = {
  async "Fastify 5"() {
    const app = Fastify({ forceCloseConnections: true });
    const guarded = fastifyGuard(guard);
    app.post<{ Body: { n: number } }>(
      "/add",
      guarded<{ Body: { n: number } }>(async ({ tx, principal }, request, reply) => {
        await tx.query("INSERT INTO done VALUES ($1)", [request.body.n]);
        reply.code(201);
        return { by: principal.subject, n: request.body.n };
      }),
    );
    app.get(
      "/admin",
      guarded(async () => ({ ok: true }), { scopes: ["admin"] }),
    );
    app.post(
      "/fail",
      guarded(({ tx }) => tx.query(insert).then(() => Promise.reject(new Error("no")))),
    );
    app.post("/slow", guarded(slow));
    return { url: await app.listen({ port: 0 }), stop: () => app.close() };
  },
  async "Express 5"() {
    const app = express();
    const guarded = expressGuard(guard);
    app.use(express.json());
    app.post(
      "/add",
      guarded(async ({ tx, principal }, request) => {
        await tx.query("INSERT INTO done VALUES ($1)", [request.body.n]);
        return new Reply(201, { by: principal.subject, n: request.body.n });
      }),
    );
    app.get(
      "/admin",
      guarded(async () => ({ ok: true }), { scopes: ["admin"] }),
    );
    app.post(
      "/fail",
      guarded(({ tx }) => tx.query(insert).then(() => Promise.reject(new Error("no")))),
    );
    app.post("/slow", guarded(slow));
    const failed: express.ErrorRequestHandler = (_error, _request, response, _next) => {
      response.status(500).json({ failed: true });
    };
    app.use(failed);
    const listening = app.listen(0);
    await new Promise((resolve) => listening.once("listening", resolve));
    return served(listening);
  },
  async Hono() {
    const app = new Hono();
    const guarded = honoGuard(guard);
    app.post(
      "/add",
      guarded(async ({ tx, principal }, c) => {
        const { n } = await c.req.json();
        await tx.query("INSERT INTO done VALUES ($1)", [n]);
        return c.json({ by: principal.subject, n }, 201);
      }),
    );
    app.get(
      "/admin",
      guarded(async (_guarded, c) => c.json({ ok: true }), { scopes: ["admin"] }),
    );
    app.post(
      "/fail",
      guarded(({ tx }) => tx.query(insert).then(() => Promise.reject(new Error("no")))),
    );
    app.post(
      "/slow",
      guarded(async (guarded, c) => slow(guarded).then(() => c.json({}))),
    );
    app.onError((_error, c) => c.json({ failed: true }, 500));
    const listening = serve({ fetch: app.fetch, port: 0 }) as Server;
    await new Promise((resolve) => listening.once("listening", resolve));
    return served(listening);
  },
};

function served(listening: Server): Served {
  return {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => listening.close(resolve).closeAllConnections()),
  };
}

async function slow({ tx }: { tx: { query(text: string): Promise<unknown> } }): Promise<object> {
  await tx.query(insert);
  entered();
  await tx.query("SELECT pg_sleep(60)");
  return {};
}

describe.skipIf(!server).each(Object.keys(FRAMEWORKS))("%s", (name) => {
  let api: Served;
  beforeAll(async () => {
    await plain.query(tokens.migration);
    await plain.query("CREATE TABLE IF NOT EXISTS done (n int)");
    api = await FRAMEWORKS[name]!();
  });
  afterAll(() => api?.stop());
  const call = (method: string, path: string, authorization?: string, body?: object) =>
    fetch(api.url + path, {
      method,
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(body ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  it("answers what the handler returns, once it has committed", async () => {
    const before = await count();
    const answer = await call("POST", "/add", await issue(), { n: 7 });
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 201,
      body: { by: "ada", n: 7 },
    });
    expect(await count()).toBe(before + 1);
  });

  it("answers refusals with a challenge and problem details", async () => {
    const none = await call("POST", "/add", undefined, { n: 7 });
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="shop"']);
    const secret = (await issue()).replace(/.$/, "!");
    const bad = await call("POST", "/add", secret, { n: 7 });
    expect([bad.status, bad.headers.get("www-authenticate")]).toEqual([
      400,
      'Bearer realm="shop", error="invalid_request", error_description="The Authorization header is not of the form: Bearer <token>."',
    ]);
    const scope = await call("GET", "/admin", await issue(["user"]));
    expect([scope.status, scope.headers.get("www-authenticate")]).toEqual([
      403,
      'Bearer realm="shop", error="insufficient_scope", error_description="The access token does not cover what this operation needs.", scope="admin"',
    ]);
    expect((await call("GET", "/admin", await issue(["user", "admin"]))).status).toBe(200);
    for (const answer of [none, bad, scope]) {
      expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ type: "about:blank", status: answer.status });
      expect(text).not.toContain("at_");
    }
  });

  it("refuses two Authorization headers, the first of which would do", async () => {
    const before = await count();
    const authorization = await issue();
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${api.url}/add`, { method: "POST" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.setHeader("content-type", "application/json");
      request.setHeader("authorization", [authorization, "Bearer another"]);
      request.end(JSON.stringify({ n: 1 }));
    });
    expect(status).toBe(400);
    expect(await count()).toBe(before);
  });

  it("leaves other errors to the application, with everything undone", async () => {
    const before = await count();
    expect((await call("POST", "/fail", await issue())).status).toBe(500);
    expect(await count()).toBe(before);
  });

  it("undoes what a client asked for that has left", async () => {
    const before = await count();
    const authorization = await issue();
    const middle = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const client = new AbortController();
    const request = fetch(`${api.url}/slow`, {
      method: "POST",
      headers: { authorization },
      signal: client.signal,
    });
    await middle;
    client.abort();
    await expect(request).rejects.toThrow();
    // Were it not for the client's leaving, this would wait for a minute.
    await guard.revoke(authorization);
    expect(await count()).toBe(before);
  });
});

afterAll(async () => {
  await plain.end();
  await server?.stop();
});
