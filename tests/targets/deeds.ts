import { newToken, serve, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

interface Deed {
  owner: string;
  shares: number;
}

/**
 * Deeds that are given away by the new owner's name, a text, where everybody has a number as well; or by that number,
 * written as text. `refuses`: to whomever, by whatever name.
 */
export async function deedsTarget({ refuses = false, byNumber = false } = {}): Promise<Target> {
  const players = new Players();
  const deeds = new Map<string, Deed>();
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => numbers.get(name) ?? numbers.set(name, numbers.size + 1).size;
  const owned = (token: string, id = ""): Deed | { status: number; body: object } => {
    const player = players.byToken.get(token);
    const deed = deeds.get(id);
    if (!player) return unauthorized as { status: number; body: object };
    if (!deed) return { status: 404, body: {} };
    return deed.owner === player.name ? deed : { status: 403, body: {} };
  };
  return serve(
    {
      ...pointsRoutes(players),
      "GET /me": ({ token }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        return { status: 200, body: { id: numberOf(player.name), username: player.name } };
      },
      "POST /deeds": ({ token }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const id = newToken().slice(0, 8);
        deeds.set(id, { owner: player.name, shares: 1 });
        return { status: 201, body: { id, shares: 1 } };
      },
      "GET /deeds/{id}": ({ token, parameters }) => {
        const deed = owned(token, parameters.id);
        return "status" in deed ? deed : { status: 200, body: { shares: deed.shares } };
      },
      "POST /deeds/{id}/owner": ({ token, parameters, body }) => {
        const deed = owned(token, parameters.id);
        if ("status" in deed) return deed;
        const named = byNumber ? [...numbers].find(([, one]) => String(one) === body.owner)?.[0] : body.owner;
        if (refuses || !players.byName.has(named)) return { status: 400, body: {} };
        deed.owner = named;
        return { status: 200, body: {} };
      },
    },
    document(byNumber ? { type: "string", pattern: "^[0-9]{1,18}$" } : { type: "string" }),
  );
}

function document(owner: object): object {
  const security = [{ bearer: [] }];
  const json = (properties: object) => ({
    content: {
      "application/json": { schema: { type: "object", properties, required: Object.keys(properties) } },
    },
  });
  const answer = (properties: object) => ({ description: "OK", ...json(properties) });
  const parameters = [{ name: "id", in: "path", required: true, schema: { type: "string" } }];
  const text = { type: "string" };
  const number = { type: "integer" };
  return pointsDocument({
    "/points": {},
    "/me": { get: { security, responses: { 200: answer({ id: number, username: text }) } } },
    "/deeds": { post: { security, responses: { 201: answer({ id: text, shares: number }) } } },
    "/deeds/{id}": { get: { security, parameters, responses: { 200: answer({ shares: number }) } } },
    "/deeds/{id}/owner": {
      post: {
        security,
        parameters,
        requestBody: { required: true, ...json({ owner }) },
        responses: { 200: { description: "Given." }, 400: { description: "To nobody." } },
      },
    },
  });
}
