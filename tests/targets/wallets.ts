import { randomUUID } from "node:crypto";
import { add, denied, type Make, Tokens, Users } from "./foreign.ts";

interface Wallet {
  readonly owner: object;
  cents: number;
}

/**
 * A DRF-like API of OpenAPI 3.0: trailing slashes, decimals as text, `allOf` and `nullable`, a base path,
 * one name for a parameter here and another there, login with e-mail and a password typed twice.
 */
export const wallets: Make = (racy) => {
  const users = new Users<object>();
  const tokens = new Tokens<object>();
  const all = new Map<string, Wallet>();
  const mine = (id: string | undefined, token: string) => {
    const wallet = all.get(id ?? "");
    return wallet && wallet.owner === tokens.owner(token) ? wallet : undefined;
  };
  const shown = (id: string, wallet: Wallet) => ({
    id,
    label: null,
    balance: (wallet.cents / 100).toFixed(2),
  });
  return {
    routes: {
      "POST /api/v1/auth/registration/": ({ body }) =>
        /^\S+@\S+$/.test(body.email) && body.password1 === body.password2
          ? { status: users.add(body.email, body.password1, {}) ? 201 : 400, body: {} }
          : { status: 400, body: { password2: ["differs"] } },
      "POST /api/v1/auth/login/": ({ body }) => {
        const user = users.find(body.email, body.password);
        return user ? { status: 200, body: { key: tokens.issue(user) } } : { status: 400, body: {} };
      },
      "POST /api/v1/auth/logout/": ({ token }) =>
        tokens.end(token) ? { status: 200, body: { detail: "bye" } } : denied,
      "POST /api/v1/wallets/": ({ token }) => {
        const owner = tokens.owner(token);
        if (!owner) return denied;
        const id = randomUUID();
        const wallet = { owner, cents: 0 };
        all.set(id, wallet);
        return { status: 201, body: shown(id, wallet) };
      },
      "GET /api/v1/wallets/{id}/": ({ token, parameters }) => {
        if (!tokens.owner(token)) return denied;
        const wallet = mine(parameters.id, token);
        return wallet ? { status: 200, body: shown(parameters.id ?? "", wallet) } : { status: 404, body: {} };
      },
      "POST /api/v1/wallets/{id}/deposits/": async ({ token, parameters, body }) => {
        const wallet = mine(parameters.id, token);
        if (!tokens.owner(token)) return denied;
        if (!wallet) return { status: 404, body: {} };
        if (!/^\d+(\.\d{1,2})?$/.test(body.amount))
          return { status: 400, body: { amount: ["not a decimal"] } };
        const cents = Math.round(Number(body.amount) * 100);
        if (!(await add(wallet, "cents", cents, racy, () => tokens.owner(token) !== undefined)))
          return denied;
        return { status: 201, body: { amount: body.amount, note: null } };
      },
    },
    document: {
      openapi: "3.0.3",
      info: { title: "Wallets", version: "1" },
      servers: [{ url: "/api" }],
      security: [{ jwt: [] }],
      paths: {
        "/v1/auth/registration/": post("Registration", "Empty", 201, { security: [] }),
        "/v1/auth/login/": post("Login", "Key", 200, {
          security: [],
          summary: "Sign in with e-mail and password",
        }),
        "/v1/auth/logout/": { post: { responses: { 200: json("Empty") } } },
        "/v1/wallets/": post(undefined, "Wallet", 201),
        "/v1/wallets/{id}/": { parameters: [path("id")], get: { responses: { 200: json("Wallet") } } },
        "/v1/wallets/{wallet_id}/deposits/": {
          parameters: [path("wallet_id")],
          ...post("Deposit", "Deposit", 201),
        },
      },
      components: {
        securitySchemes: { jwt: { type: "http", scheme: "bearer" } },
        schemas: {
          Empty: { type: "object", properties: { detail: { type: "string" } } },
          Registration: object(["email", "password1", "password2"], {
            email: { type: "string", format: "email" },
            password1: { type: "string", writeOnly: true },
            password2: { type: "string", writeOnly: true },
          }),
          Login: object(["password"], {
            email: { type: "string", format: "email" },
            password: { type: "string" },
          }),
          Key: object(["key"], { key: { type: "string" } }),
          Named: object(["id"], {
            id: { type: "string", format: "uuid", readOnly: true },
            label: { type: "string", nullable: true },
          }),
          Money: { type: "string", format: "decimal", pattern: "^-?\\d{0,8}(?:\\.\\d{0,2})?$" },
          Wallet: {
            allOf: [
              { $ref: "#/components/schemas/Named" },
              object([], { balance: { allOf: [{ $ref: "#/components/schemas/Money" }], readOnly: true } }),
            ],
          },
          Deposit: object(["amount"], {
            amount: { $ref: "#/components/schemas/Money" },
            note: { type: "string", nullable: true },
          }),
        },
      },
    },
  };
};

const json = (name: string) => ({
  description: "OK",
  content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
});
const path = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const object = (required: string[], properties: object) => ({
  type: "object",
  ...(required.length > 0 ? { required } : {}),
  properties,
});
const post = (takes: string | undefined, gives: string, status: number, more: object = {}) => ({
  post: {
    ...more,
    ...(takes ? { requestBody: { ...json(takes), required: true } } : {}),
    responses: { [status]: json(gives) },
  },
});
