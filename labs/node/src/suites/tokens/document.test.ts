import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { client, PASSWORD } from "../../testing/client.ts";
import { halfOf, operationsOf } from "../../testing/document.ts";
import { labForTests } from "../../testing/lab.ts";
import { SUITES } from "../index.ts";

const lab = await labForTests({ think: 0, suites: ["tokens"], connections: 5 });
afterAll(() => lab?.stop());
const text = readFileSync(SUITES.tokens.document, "utf8");
const operations = operationsOf(text);
/** Other values than these have every name in the document's paths. */
const PARAMETERS: Record<string, string> = { "/codes/{id}": "/codes/00000000-0000-4000-8000-000000000000" };

/** A body that satisfies the schema of the operation, by the last part of its path. */
const BODIES: Record<string, object> = {
  points: { points: 1 },
  stamps: { stamps: 1 },
  about: { about: "x" },
  teams: { name: "x" },
  role: { role: "member" },
  budget: { amount: 1 },
  documents: { title: "x", content: "x" },
  "{id}": { content: "x" },
  transfer: { to: "1" },
  deposits: { amount: 1 },
  score: { score: 1 },
};

describe.skipIf(!lab)("the API document of the suite", () => {
  it("names every operation, in both halves alike", () => {
    expect(operations).toHaveLength(48);
    expect(halfOf(operations, "racy")).toEqual(halfOf(operations, "guarded"));
  });

  it("has an operationId for each, and says nowhere what is wrong with it", () => {
    const ids = [...text.matchAll(/operationId: (\w+)/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(operations.length);
    const words = [...text.matchAll(/(?:operationId|summary|description): (.*)/g)].map(([, said]) => said!);
    // Of the two halves it is said that they are there, and where their tokens come from.
    const plain = words.map((said) => said.replaceAll(/\/(racy|guarded)\b/g, ""));
    expect(plain.filter((said) => /rac[ey]|guard|vulnerab|unsafe|broken|atomic|lock/i.test(said))).toEqual(
      [],
    );
  });

  it.each(operations)("$method $path is served, and wants a token where it says so", async (operation) => {
    const { method, path, security } = operation;
    const half = path.split("/")[1]!;
    const concrete = Object.entries(PARAMETERS)
      .reduce((known, [pattern, value]) => known.replace(pattern, value), path)
      .replaceAll(/\{\w+\}/g, "1");
    const body = method === "GET" || method === "DELETE" ? undefined : BODIES[path.split("/").at(-1)!];
    const headers = { "idempotency-key": "one" };
    const { call } = client(lab!.url);
    const without = await call(method, concrete, security ? body : {}, undefined, headers);
    expect(without.status).toBe(security ? 401 : 400);
    if (!security) return;
    const jwt = path.includes("/jwt/");
    expect(security).toBe(`${half}${jwt ? "Jwt" : "Bearer"}`);
    expect(without.headers.get("www-authenticate")).toMatch(/^Bearer realm="lab"/);
    const { username, access_token } = await client(`${lab!.url}/${half}`).register();
    const session = await call("POST", `/${half}/jwt/sessions`, { username, password: PASSWORD });
    const token = jwt ? session.body.access_token : access_token;
    const { status } = await call(method, concrete, body, token, headers);
    expect([200, 201, 204, 404]).toContain(status);
    // Of something of the caller's own, or of a team or document that is somebody else's or nobody's.
    expect(status === 404).toBe(/\{/.test(path));
  });

  it("is served as it is, beside the lab's own", async () => {
    for (const file of [lab!.document, ...lab!.suiteDocuments]) {
      const served = await fetch(`${lab!.url}/${file.split("/").at(-1)}`);
      expect(await served.text()).toBe(readFileSync(file, "utf8"));
    }
  });

  it("and its endpoints are not there where nobody asked for it", async () => {
    const plain = (await labForTests({ connections: 5 }))!;
    const { call, login } = client(`${plain.url}/racy`);
    const token = await login();
    expect(plain.suiteDocuments).toEqual([]);
    expect((await fetch(`${plain.url}/openapi-tokens.yaml`)).status).toBe(404);
    expect((await call("POST", "/teams", { name: "x" }, token)).status).toBe(404);
    expect((await call("POST", "/sessions", { username: "x", password: PASSWORD, ttl: 5 })).status).toBe(400);
    await plain.stop();
  });
});
