import { newToken, type Reply, serve, sleep, type Target } from "./api.ts";
import { type Player, Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

interface Crew {
  readonly roles: Map<string, string>;
  notes: number;
}

const WORK_MS = 12;
const ROLES = ["writer", "reader"];

/**
 * Crews whose writers write notes. One is taken in by `POST …/members` and given another role by
 * `PUT …/members/{name}`, which knows members only. Whether a writer is one is looked at too early, or with the write.
 */
export async function crewsTarget(racy: boolean): Promise<Target> {
  const players = new Players();
  const crews = new Map<string, Crew>();
  const inCrew = (token: string, id = ""): { player: Player; crew: Crew } | Reply => {
    const player = players.byToken.get(token);
    if (!player) return unauthorized;
    const crew = crews.get(id);
    return crew?.roles.has(player.name) ? { player, crew } : { status: 404, body: {} };
  };
  const leading = (token: string, id = ""): Crew | Reply => {
    const found = inCrew(token, id);
    if ("status" in found) return found;
    return found.crew.roles.get(found.player.name) === "leader" ? found.crew : { status: 403, body: {} };
  };
  return serve(
    {
      ...pointsRoutes(players),
      "GET /me": ({ token }) => {
        const player = players.byToken.get(token);
        return player ? { status: 200, body: { username: player.name } } : unauthorized;
      },
      "POST /crews": ({ token }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const id = newToken().slice(0, 8);
        crews.set(id, { roles: new Map([[player.name, "leader"]]), notes: 0 });
        return { status: 201, body: { id, notes: 0 } };
      },
      "GET /crews/{id}": ({ token, parameters }) => {
        const found = inCrew(token, parameters.id);
        return "status" in found ? found : { status: 200, body: { notes: found.crew.notes } };
      },
      "POST /crews/{id}/members": ({ token, parameters, body }) => {
        const crew = leading(token, parameters.id);
        if ("status" in crew) return crew as Reply;
        const known = players.byName.has(body.username) && !crew.roles.has(body.username);
        if (!known || !ROLES.includes(body.role)) return { status: 400, body: {} };
        crew.roles.set(body.username, body.role);
        return { status: 201, body: { username: body.username } };
      },
      "PUT /crews/{id}/members/{username}": ({ token, parameters, body }) => {
        const crew = leading(token, parameters.id);
        if ("status" in crew) return crew as Reply;
        const name = parameters.username ?? "";
        if (!ROLES.includes(crew.roles.get(name) ?? "")) return { status: 404, body: {} };
        crew.roles.set(name, body.role);
        return { status: 200, body: {} };
      },
      "POST /crews/{id}/notes": async ({ token, parameters }) => {
        const found = inCrew(token, parameters.id);
        if ("status" in found) return found;
        const { player, crew } = found;
        const mayWrite = () => crew.roles.get(player.name) !== "reader";
        if (!mayWrite()) return { status: 403, body: {} };
        await sleep(WORK_MS);
        if (!racy && !mayWrite()) return { status: 403, body: {} };
        crew.notes++;
        return { status: 201, body: {} };
      },
    },
    crewsDocument(),
  );
}

function crewsDocument(): object {
  const security = [{ bearer: [] }];
  const json = (properties: object) => ({
    content: {
      "application/json": { schema: { type: "object", properties, required: Object.keys(properties) } },
    },
  });
  const answer = (properties: object) => ({ description: "OK", ...json(properties) });
  const body = (properties: object) => ({ required: true, ...json(properties) });
  const named = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
  const text = { type: "string" };
  const number = { type: "integer" };
  const role = { type: "string", enum: ROLES };
  return pointsDocument({
    "/points": {},
    "/me": { get: { security, responses: { 200: answer({ username: text }) } } },
    "/crews": { post: { security, responses: { 201: answer({ id: text, notes: number }) } } },
    "/crews/{id}": {
      get: { security, parameters: [named("id")], responses: { 200: answer({ notes: number }) } },
    },
    "/crews/{id}/members": {
      post: {
        security,
        parameters: [named("id")],
        requestBody: body({ username: text, role }),
        responses: { 201: answer({ username: text }) },
      },
    },
    "/crews/{id}/members/{username}": {
      put: {
        security,
        parameters: [named("id"), named("username")],
        requestBody: body({ role }),
        responses: { 200: { description: "Given." } },
      },
    },
    "/crews/{id}/notes": {
      post: { security, parameters: [named("id")], responses: { 201: { description: "Written." } } },
    },
  });
}
