import { add, denied, type Make, Tokens, Users, use } from "./foreign.ts";

interface Hero {
  xp: number;
  used: number;
}

/**
 * No answer is described at all: JSON:API nesting, integer ids, PATCH that adds, a quota of three on the
 * caller, a form-encoded OAuth2 login, `DELETE /session`, a required header, nothing marked as required.
 */
export const quests: Make = (racy) => {
  const heroes = new Users<Hero>();
  const tokens = new Tokens<Hero>();
  const parties = new Map<number, { gold: number }>();
  const done = { description: "done" };
  return {
    routes: {
      "POST /heroes": ({ body }) =>
        heroes.add(body.mail, body.passphrase, { xp: 0, used: 0 })
          ? { status: 201, body: { data: { type: "hero" } } }
          : { status: 422, body: {} },
      "POST /oauth/token": ({ body, headers }) => {
        const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
        const hero = form && body.grant_type === "password" && heroes.find(body.username, body.password);
        if (!hero) return { status: 400, body: { error: "invalid_grant" } };
        return {
          status: 200,
          body: { data: { attributes: { ticket: tokens.issue(hero), hint: "see docs" } } },
        };
      },
      "DELETE /session": ({ token }) => (tokens.end(token) ? { status: 204 } : denied),
      "GET /hero": ({ token }) => {
        const hero = tokens.owner(token);
        if (!hero) return denied;
        const attributes = { points: hero.xp, chests: hero.used, seen_at: Date.now() };
        return { status: 200, body: { data: { attributes } } };
      },
      "PATCH /hero": async ({ token, body, headers }) => {
        const hero = tokens.owner(token);
        if (!hero) return denied;
        if (headers["x-client"] !== "web") return { status: 400, body: { error: "X-Client" } };
        const valid = () => tokens.owner(token) !== undefined;
        if (!(await add(hero, "xp", body.data.attributes.points, racy, valid))) return denied;
        return { status: 200, body: {} };
      },
      "POST /chests": async ({ token }) => {
        const hero = tokens.owner(token);
        if (!hero) return denied;
        const opened = await use(hero, 3, racy, () => tokens.owner(token) !== undefined);
        return opened ? { status: 200, body: { gold: 7 } } : { status: 403, body: { error: "quota" } };
      },
      "POST /parties": ({ token }) => {
        if (!tokens.owner(token)) return denied;
        const id = parties.size + 41;
        parties.set(id, { gold: 0 });
        return { status: 201, body: {}, headers: { location: `/parties/${id}` } };
      },
      "GET /parties/{party}": ({ parameters }) => {
        const party = parties.get(Number(parameters.party));
        return party ? { status: 200, body: { party } } : { status: 404, body: {} };
      },
      "POST /parties/{party}/gold": async ({ token, parameters, body }) => {
        const party = parties.get(Number(parameters.party));
        if (!tokens.owner(token)) return denied;
        if (!party) return { status: 404, body: {} };
        if (body.coins < 10) return { status: 422, body: { error: "too few" } };
        const valid = () => tokens.owner(token) !== undefined;
        if (!(await add(party, "gold", body.coins, racy, valid))) return denied;
        return { status: 200, body: {} };
      },
    },
    document: {
      openapi: "3.1.0",
      info: { title: "Quests", version: "1" },
      paths: {
        "/heroes": {
          post: {
            security: [],
            requestBody: form("application/json", { mail: text, passphrase: text }),
            responses: { 201: done },
          },
        },
        "/oauth/token": {
          post: {
            security: [],
            requestBody: form("application/x-www-form-urlencoded", {
              grant_type: { type: "string", pattern: "^password$" },
              username: text,
              password: text,
            }),
            responses: { 200: done },
          },
        },
        "/session": { delete: { responses: { 204: done } } },
        "/hero": {
          get: { responses: { 200: done } },
          patch: {
            parameters: [
              {
                name: "X-Client",
                in: "header",
                required: true,
                schema: { type: "string", enum: ["web", "app"] },
              },
            ],
            requestBody: form("application/vnd.api+json", {
              data: {
                type: "object",
                properties: {
                  attributes: { type: "object", properties: { points: { type: ["integer", "null"] } } },
                },
              },
            }),
            responses: { 200: done },
          },
        },
        "/chests": { post: { responses: { 200: done, 403: done } } },
        "/parties": { post: { responses: { 201: done } } },
        "/parties/{party}": {
          parameters: [{ name: "party", in: "path", required: true, schema: { type: "integer" } }],
          get: { security: [], responses: { 200: done } },
        },
        "/parties/{party}/gold": {
          parameters: [{ name: "party", in: "path", required: true, schema: { type: "integer" } }],
          post: {
            requestBody: form("application/json", {
              coins: { type: "integer", minimum: 10 },
              currency_id: { type: "integer" },
            }),
            responses: { 200: done },
          },
        },
      },
      security: [{ pass: [] }],
      components: {
        securitySchemes: {
          pass: { type: "oauth2", flows: { password: { tokenUrl: "/oauth/token", scopes: {} } } },
        },
      },
    },
  };
};

const text = { type: "string" };
const form = (type: string, properties: object) => ({
  required: true,
  content: { [type]: { schema: { type: "object", properties } } },
});
