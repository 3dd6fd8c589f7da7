import { describe, expect, it } from "vitest";
import { parseOpenApi, planDocument } from "./index.ts";

type Node = Record<string, unknown>;

const media = (schema: Node, type = "application/json") => ({ content: { [type]: { schema } } });
const ok = (properties?: Node) => ({
  200: { description: "OK", ...(properties ? media({ type: "object", properties }) : {}) },
});
const number = { type: "integer" };
const text = { type: "string" };

function planOf(paths: Node, rest: Node = {}) {
  const document = {
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths,
    ...rest,
  };
  return planDocument(parseOpenApi("api.json", JSON.stringify(document)));
}

const actOf = (plan: ReturnType<typeof planOf>, path: string) =>
  plan.candidates.find((one) => one.act.operation.path === path)?.act;

describe("shapes that documents take", () => {
  it("a trailing slash and another name for the same parameter change nothing", () => {
    const act = actOf(
      planOf({
        "/wallets/": { post: { responses: ok({ id: text }) } },
        "/wallets/{id}/": {
          parameters: [{ name: "id", in: "path", required: true, schema: text }],
          get: { responses: ok({ balance: number }) },
        },
        "/wallets/{wallet_id}/deposits/": {
          parameters: [{ name: "wallet_id", in: "path", required: true, schema: text }],
          post: { requestBody: media({ type: "object", properties: { amount: number } }), responses: {} },
        },
      }),
      "/wallets/{wallet_id}/deposits/",
    );
    expect(act?.links).toMatchObject([{ parameter: "wallet_id", pointers: ["/id"] }]);
    expect(act?.observers[0]).toMatchObject({
      path: "/wallets/{wallet_id}/",
      pathParameters: ["wallet_id"],
    });
  });

  it("an answer that nobody described is no reason to leave an operation out", () => {
    const act = actOf(
      planOf({
        "/carts": { post: { responses: ok() } },
        "/carts/{cart}": {
          parameters: [{ name: "cart", in: "path", required: true, schema: text }],
          get: { security: [], responses: ok() },
        },
        "/carts/{cart}/add": {
          parameters: [{ name: "cart", in: "path", required: true, schema: text }],
          post: { responses: ok() },
        },
      }),
      "/carts/{cart}/add",
    );
    expect(act?.links).toMatchObject([{ parameter: "cart", pointers: [] }]);
    expect(act?.observers.map((one) => one.path)).toEqual(["/carts/{cart}"]);
  });

  it("decimals that travel as text are numbers, on both sides", () => {
    const money = { type: "string", format: "decimal" };
    const pattern = { type: "string", pattern: "^-?\\d{0,8}(?:\\.\\d{0,2})?$" };
    const body = (schema: Node) =>
      media({ type: "object", required: ["amount"], properties: { amount: schema } });
    const plan = planOf({
      "/me": { get: { responses: ok({ balance: money }) } },
      "/a": { post: { requestBody: body(money), responses: {} } },
      "/b": { post: { requestBody: body(pattern), responses: {} } },
      "/c": { post: { requestBody: body({ type: "string", pattern: "^\\d{6}$" }), responses: {} } },
    });
    const numeric = ["/a", "/b", "/c"].map((path) => actOf(plan, path)?.operation.body?.slots[0]?.numeric);
    expect(numeric).toEqual([true, true, undefined]);
    expect(actOf(plan, "/a")?.operation.body?.sample).toEqual({ amount: "1" });
  });

  it("a body with a password in which nothing is marked as required is sent whole", () => {
    const schema = { type: "object", properties: { email: text, password1: text, password_confirm: text } };
    const plan = planOf({
      "/me": { get: { responses: ok() } },
      "/join": { post: { security: [], requestBody: media(schema), responses: {} } },
    });
    const [join] = plan.credentials[0]?.registrations ?? [];
    expect(Object.keys(join?.body?.sample as Node)).toEqual(["email", "password1", "password_confirm"]);
    expect(join?.body?.slots.map((slot) => slot.secret)).toEqual([false, true, true]);
  });

  it("signing in with e-mail sends none, and needs no opt-in", () => {
    const schema = {
      type: "object",
      required: ["email", "password"],
      properties: { email: text, password: text },
    };
    const plan = planOf({
      "/me": { get: { responses: ok() } },
      "/login": {
        post: { summary: "Login with e-mail", security: [], requestBody: media(schema), responses: {} },
      },
      "/mail": { post: { summary: "Send mail", responses: {} } },
    });
    expect(plan.credentials[0]?.logins.map((one) => one.path)).toEqual(["/login"]);
    expect(plan.omitted.map((one) => one.operation.path)).toEqual(["/mail"]);
  });

  it("what is not planned is said, with the reason", () => {
    const id = { name: "id", in: "path", required: true, schema: text };
    const key = { name: "X-Key", in: "header", required: true, schema: text };
    const plan = planOf({
      "/me": { get: { responses: ok({ n: number }) } },
      "/orders/{id}/ship": { parameters: [id], post: { responses: {} } },
      "/keyed": { parameters: [key], post: { responses: {} } },
    });
    expect(plan.omitted.map((one) => `${one.operation.path} ${one.reason}`)).toEqual([
      "/orders/{id}/ship names {id}, which no operation of the document makes",
      "/keyed requires X-Key, for which the document shows no value",
    ]);
  });

  it("a base path with variables has their defaults", () => {
    const servers = [{ url: "/{stage}/v2", variables: { stage: { default: "live" } } }];
    expect(planOf({ "/me": { get: {} } }, { servers }).operations[0]?.path).toBe("/live/v2/me");
  });

  it("an operation that may end the token says so", () => {
    const plan = planOf({
      "/me": { get: { responses: ok({ n: number }) } },
      "/logout": { post: { responses: {} } },
      "/claim": { post: { responses: {} } },
      "/set": {
        put: { requestBody: { required: true, ...media({ type: "object", properties: { n: number } }) } },
      },
    });
    const told = ["/logout", "/claim", "/set"].map((path) => actOf(plan, path)?.mayEndToken);
    expect(told).toEqual(["named", "unnamed", undefined]);
  });

  it("a decimal in text is no larger than its pattern, and a file is no text", () => {
    const price = { type: "string", format: "decimal", pattern: "^-?\\d{0,3}(?:\\.\\d{0,2})?$" };
    const image = { type: "string", format: "binary" };
    const act = actOf(
      planOf({
        "/things": {
          post: {
            requestBody: media({ type: "object", required: ["price"], properties: { price, image } }),
            responses: ok({ id: text }),
          },
          get: { responses: ok({ count: number }) },
        },
      }),
      "/things",
    );
    expect(act?.operation.body?.slots).toMatchObject([{ pointer: "/price", numeric: true, maximum: 999 }]);
  });

  it("who gives an object away is known by what its source writes, whatever it is called", () => {
    const path = "/lots/{id}";
    const parameters = [{ name: "id", in: "path", required: true, schema: text }];
    const body = (properties: Node) => ({
      requestBody: media({ type: "object", required: Object.keys(properties), properties }),
      responses: {},
    });
    const plan = (annotation: Node) =>
      planOf({
        "/lots": { post: { ...body({ note: text }), responses: ok({ id: text }) } },
        [path]: { parameters, get: { responses: ok({ note: text }) }, put: body({ note: text }) },
        [`${path}/close`]: { parameters, post: { ...body({ keeper: text }), ...annotation } },
      }).candidates.filter((one) => one.weakness === "ownership-race");
    expect(plan({})).toEqual([]);
    const [found] = plan({ "x-deadheat": { owner: ["keeper"] } });
    expect(found).toMatchObject({
      act: { operation: { method: "PUT" } },
      rivals: [{ path: `${path}/close` }],
    });
  });

  it("a login is open although the document's security stands above it, and one that asks for it itself is not", () => {
    const signs = {
      requestBody: media({ type: "object", properties: { username: text, password: text } }),
      responses: ok({ token: text }),
    };
    const plan = planOf({
      "/me": { get: { responses: ok({ n: number }) } },
      "/auth/signin": { post: signs },
      "/admin/signin": { post: { ...signs, security: [{ token: [] }] } },
      "/wifi": { post: signs },
    });
    expect(plan.credentials[0]?.logins.map((one) => one.path)).toEqual(["/auth/signin"]);
  });
});
