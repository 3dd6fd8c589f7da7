import { newToken, type Reply, type Routes, secrets } from "./api.ts";

/** A user of the points API. */
export interface Player {
  readonly name: string;
  readonly password: string;
  points: number;
}

/** Players and their tokens, in memory. */
export class Players {
  readonly byName = new Map<string, Player>();
  readonly byToken = new Map<string, Player>();

  signUp(name: string, password: string): Player | undefined {
    if (!name || !password || this.byName.has(name)) return undefined;
    secrets.add(password);
    const player = { name, password, points: 0 };
    this.byName.set(name, player);
    return player;
  }

  signIn(name: string, password: string): string | undefined {
    const player = this.byName.get(name);
    if (player?.password !== password) return undefined;
    const token = newToken();
    this.byToken.set(token, player);
    return token;
  }
}

export const unauthorized: Reply = { status: 401, body: { error: "unauthorized" } };

/** Sign-up, sign-in, sign-out, and the caller's points: what most targets here vary. */
export function pointsRoutes(players: Players): Routes {
  return {
    "POST /signup": ({ body }) =>
      players.signUp(body.username, body.password) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /signin": ({ body }) => {
      const token = players.signIn(body.username, body.password);
      return token ? { status: 200, body: { token } } : unauthorized;
    },
    "POST /signout": ({ token }) => (players.byToken.delete(token) ? { status: 204 } : unauthorized),
    "GET /me": ({ token }) => {
      const player = players.byToken.get(token);
      return player ? { status: 200, body: { points: player.points } } : unauthorized;
    },
    "POST /points": ({ token, body }) => {
      const player = players.byToken.get(token);
      if (!player) return unauthorized;
      player.points += body.points;
      return { status: 200, body: {} };
    },
  };
}

const body = (properties: object) => ({
  required: true,
  content: {
    "application/json": {
      schema: { type: "object", required: Object.keys(properties), properties },
    },
  },
});
const answer = (properties: object) => ({
  description: "Done.",
  content: { "application/json": { schema: { type: "object", properties } } },
});
const login = { username: { type: "string" }, password: { type: "string" } };
const protectedBy = [{ bearer: [] }];

/** The document of `pointsRoutes`; `more` adds or replaces paths. */
export function pointsDocument(more: object = {}): object {
  return {
    openapi: "3.1.0",
    info: { title: "Points", version: "1" },
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    paths: {
      "/signup": { post: { requestBody: body(login), responses: { 201: answer({}) } } },
      "/signin": {
        post: { requestBody: body(login), responses: { 200: answer({ token: { type: "string" } }) } },
      },
      "/signout": { post: { security: protectedBy, responses: { 204: { description: "Gone." } } } },
      "/me": {
        get: { security: protectedBy, responses: { 200: answer({ points: { type: "integer" } }) } },
      },
      "/points": {
        post: {
          security: protectedBy,
          requestBody: body({ points: { type: "integer", minimum: 1 } }),
          responses: { 200: answer({}) },
        },
      },
      ...more,
    },
  };
}
