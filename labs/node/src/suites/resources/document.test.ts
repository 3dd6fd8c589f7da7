import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { client } from "../../testing/client.ts";
import { halfOf, operationsOf } from "../../testing/document.ts";
import { labForTests } from "../../testing/lab.ts";
import { SUITES } from "../index.ts";

const lab = await labForTests({ think: 0, suites: ["resources"], connections: 5 });
afterAll(() => lab?.stop());
const text = readFileSync(SUITES.resources.document, "utf8");
const operations = operationsOf(text);

/** A body that satisfies the schema of the operation, by the last part of its path. */
const BODIES: Record<string, object> = {
  meters: { name: "x" },
  pages: { title: "x", body: "x" },
  "PUT pages": { title: "x", body: "x" },
  contacts: { name: "x" },
  "PATCH contacts": { city: "x" },
  articles: { text: "x" },
  "PUT articles": { text: "x" },
  vouchers: { value: 1 },
  events: { places: 1 },
  reports: { title: "x" },
  invitations: { seats: 1 },
  products: { stock: 1 },
  reserve: { quantity: 1 },
  buy: { quantity: 1 },
  channels: { slug: "some-slug" },
  tags: { name: "some-name" },
  wallets: { balance: 1 },
  transfers: { from: "1", to: "2", amount: 1 },
  budgets: { cash: 1, card: 1 },
  plans: { name: "x" },
  "PUT shares": { percent: 1 },
  folders: { name: "x" },
  notes: { text: "x" },
  campaigns: { title: "x" },
};
const AMOUNT = { amount: 1 };

function bodyOf(method: string, path: string): object | undefined {
  if (method === "GET" || method === "DELETE" || /\/(use|join|accept)$/.test(path)) return undefined;
  const [last, before] = path.split("/").reverse();
  return BODIES[last!.startsWith("{") ? `${method} ${before}` : last!] ?? AMOUNT;
}

describe.skipIf(!lab)("the API document of the suite", () => {
  it("names every operation, in both halves alike", () => {
    expect(operations).toHaveLength(116);
    expect(halfOf(operations, "racy")).toEqual(halfOf(operations, "guarded"));
  });

  it("has an operationId for each, and says nowhere what is wrong with it", () => {
    const ids = [...text.matchAll(/operationId: (\w+)/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(operations.length);
    const words = [...text.matchAll(/(?:operationId|summary|description): (.*)/g)].map(([, said]) => said!);
    // Of the two halves it is said that they are there, and where their tokens come from.
    const plain = words.map((said) => said.replaceAll(/\/(racy|guarded)\b/g, ""));
    expect(
      plain.filter((said) => /rac[ey]|guard|vulnerab|unsafe|broken|atomic|lock|skew/i.test(said)),
    ).toEqual([]);
  });

  it.each(operations)("$method $path is served, and wants a token where it says so", async (operation) => {
    const { method, path, security } = operation;
    const half = path.split("/")[1]!;
    const concrete = path.replaceAll("{name}", "some-name").replaceAll(/\{\w+\}/g, "999999");
    const body = bodyOf(method, path);
    const headers = { "idempotency-key": "one", "if-match": '"1"' };
    const { call } = client(lab!.url);
    const without = await call(method, concrete, security ? body : {}, undefined, headers);
    expect(without.status).toBe(security ? 401 : 400);
    if (!security) return;
    expect(security).toBe(`${half}Bearer`);
    expect(without.headers.get("www-authenticate")).toMatch(/^Bearer realm="lab"/);
    const { access_token } = await client(`${lab!.url}/${half}`).register();
    const { status } = await call(method, concrete, body, access_token, headers);
    expect([200, 201, 204, 404]).toContain(status);
    expect(status === 404).toBe(/\{|transfers/.test(path));
  });

  it("takes changes of a contact as either of the two media types", async () => {
    for (const half of ["racy", "guarded"]) {
      const { call, login } = client(`${lab!.url}/${half}`);
      const token = await login();
      const { id } = (await call("POST", "/contacts", { name: "x" }, token)).body;
      for (const type of ["application/merge-patch+json", "application/json"]) {
        const response = await fetch(`${lab!.url}/${half}/contacts/${id}`, {
          method: "PATCH",
          headers: { authorization: `Bearer ${token}`, "content-type": type },
          body: JSON.stringify({ city: type }),
        });
        expect(await response.json()).toEqual({ id, name: "x", city: type });
      }
    }
  });
});
