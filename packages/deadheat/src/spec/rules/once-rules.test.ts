import { describe, expect, it } from "vitest";
import { parseOpenApi, planDocument } from "../index.ts";

type Node = Record<string, unknown>;

const text = { type: "string" };
const secret = { type: "string", format: "password" };
const media = (properties: Node, type = "application/json") => ({
  content: { [type]: { schema: { type: "object", required: Object.keys(properties), properties } } },
});
const body = (properties: Node, type?: string) => ({
  required: true,
  ...media(properties, type),
});
const open = (takes: Node, gives?: Node, type?: string) => ({
  post: {
    security: [],
    requestBody: body(takes, type),
    responses: { 200: { description: "OK", ...(gives ? media(gives) : {}) } },
  },
});
const me = { get: { responses: { 200: { description: "OK", ...media({ name: text }) } } } };

function planned(weakness: string, paths: Node) {
  const document = {
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths: { "/me": me, ...paths },
  };
  return planDocument(parseOpenApi("api.json", JSON.stringify(document))).candidates.filter(
    (one) => one.weakness === weakness,
  );
}

describe("refresh-reuse is planned", () => {
  it.each([
    ["by the name of the place", open({ refresh: text }, { access: text })],
    [
      "at a token endpoint",
      open({ grant_type: text, refreshToken: text }, undefined, "application/x-www-form-urlencoded"),
    ],
  ])("%s", (_name, item) => {
    const [candidate] = planned("refresh-reuse", { "/auth/again": item });
    expect(candidate?.takes).toMatchObject({ slot: { pointer: expect.stringMatching(/refresh/) } });
    expect(candidate?.act.scheme).toBe("token");
  });

  it("by the operation, where the place is called a token", () => {
    const paths = { "/token/refresh": open({ token: text }, { token: text }) };
    expect(planned("refresh-reuse", paths)[0]?.takes).toMatchObject({ slot: { pointer: "/token" } });
  });

  it.each([
    ["/logout", open({ refresh_token: text })],
    ["/token/blacklist", open({ refresh: text })],
    ["/introspect", open({ refresh_token: text }, { active: { type: "boolean" } })],
    ["/feed", open({ refresh_interval: text }, { items: text })],
    ["/login", open({ name: text, password: secret }, { token: text })],
  ])("not for %s", (path, item) => {
    expect(planned("refresh-reuse", { [path]: item })).toEqual([]);
  });
});

describe("single-use-code is planned", () => {
  const references = (paths: Node) => planned("single-use-code", paths)[0]?.act.references;

  it("where an answer holds the code", () => {
    const paths = {
      "/login": open({ email: text, password: secret }, { token: text }),
      "/password/forgot": open({ email: text }, { reset_token: text }),
      "/password/reset": open({ token: text, password: secret }),
    };
    const [reference] = references(paths) ?? [];
    // Not the login, whose answer holds a token as well.
    expect(reference?.producer.path).toBe("/password/forgot");
    expect(reference?.pointers).toEqual(["/reset_token"]);
    expect(reference?.mailed).toBeUndefined();
  });

  it("where it is sent by mail", () => {
    const paths = {
      "/otp/send": open({ phone: text }, { sent: { type: "boolean" } }),
      "/otp/verify": open({ phone: text, otp: text }, { token: text }),
    };
    const [reference] = references(paths) ?? [];
    expect([reference?.producer.path, reference?.mailed]).toEqual(["/otp/send", true]);
  });

  it("where the path names what the code is for, and the body holds it", () => {
    const at = { parameters: [{ name: "id", in: "path", required: true, schema: text }] };
    const paths = {
      "/challenges": open({ username: text }, { id: text, code: text }),
      "/challenges/{id}": { ...open({ code: text }, { token: text }), ...at },
    };
    const [reference] = references(paths) ?? [];
    expect([reference?.beside, reference?.pointers]).toEqual(["id", ["/code"]]);
  });

  it.each([
    [
      "a code of another kind",
      { "/quotes": open({ currency_code: text, postalCode: text }, { price: text }) },
    ],
    ["a code that nothing makes", { "/otp/verify": open({ otp: text }, { token: text }) }],
    [
      "a code of another family",
      {
        "/password/forgot": open({ email: text }),
        "/invites/use": open({ invite_code: text }, { token: text }),
      },
    ],
    [
      "a log-in",
      {
        "/users": open({ name: text, password: secret }),
        "/login": open({ name: text, password: secret }, { token: text }),
      },
    ],
  ])("not for %s", (_name, paths) => {
    expect(planned("single-use-code", paths)).toEqual([]);
  });
});

describe("idempotency-race is planned", () => {
  const deposit = (name: string, required: boolean) => ({
    "/me/balance": {
      get: { responses: { 200: { description: "OK", ...media({ balance: { type: "integer" } }) } } },
    },
    "/deposits": {
      post: {
        parameters: [{ name, in: "header", required, schema: text }],
        requestBody: body({ amount: { type: "integer" } }),
        responses: { 201: { description: "OK" } },
      },
    },
  });

  it.each([
    ["Idempotency-Key", true, 1],
    ["X-Idempotency-Key", false, 1],
    ["X-Request-Id", true, 0],
    ["X-Request-Id", false, 0],
  ])("for %s, required: %s", (name, required, count) => {
    expect(planned("idempotency-race", deposit(name, required))).toHaveLength(count);
  });
});
