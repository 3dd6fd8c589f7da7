import { readFileSync } from "node:fs";
import http2 from "node:http2";
import { afterAll, describe, expect, it } from "vitest";
import { DOCUMENT } from "./app.ts";
import { client } from "./testing/client.ts";
import { halfOf, operationsOf } from "./testing/document.ts";
import { labForTests } from "./testing/lab.ts";

const lab = await labForTests();
afterAll(() => lab?.stop());
const text = readFileSync(DOCUMENT, "utf8");

const operations = operationsOf(text);

describe.skipIf(!lab)("the API document", () => {
  it("names every operation, in both halves alike", () => {
    expect(operations).toHaveLength(20);
    expect(halfOf(operations, "racy")).toEqual(halfOf(operations, "guarded"));
  });

  it.each(operations)("$method $path is served, and wants a token where it says so", async (operation) => {
    const { method, path, security } = operation;
    const half = path.split("/")[1]!;
    const body = path.endsWith("/score")
      ? { score: 1 }
      : path.endsWith("/coupons")
        ? { value: 1 }
        : undefined;
    const { call } = client(lab!.url);
    const concrete = path.replace("{code}", "none");
    const { status, headers } = await call(method, concrete, security ? body : {});
    expect(status).toBe(security ? 401 : 400);
    if (!security) return;
    expect(security).toBe(`${half}Bearer`);
    expect(headers.get("www-authenticate")).toMatch(/^Bearer realm="lab"/);
    const token = await client(`${lab!.url}/${half}`).login();
    expect((await call(method, concrete, body, token)).status).not.toBe(401);
  });

  it("is served as it is, over HTTP/2 as well", async () => {
    const session = http2.connect(lab!.url);
    const stream = session.request({ ":path": "/openapi.yaml" });
    expect((await stream.setEncoding("utf8").toArray()).join("")).toBe(text);
    session.destroy();
  });
});
