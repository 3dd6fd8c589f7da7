import { serve, sleep, type Target } from "./api.ts";
import { WINDOW_MS } from "./foreign.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/** A number that is set, not added to, and a sign-out that the setter checks too early, or rightly. */
export async function levelsTarget(racy: boolean): Promise<Target> {
  const players = new Players();
  const levels = new Map<string, number>();
  const level = {
    type: "object",
    required: ["level"],
    properties: { level: { type: "integer", minimum: 1 } },
  };
  const media = { content: { "application/json": { schema: level } } };
  return serve(
    {
      ...pointsRoutes(players),
      "GET /level": ({ token }) => {
        const player = players.byToken.get(token);
        return player ? { status: 200, body: { level: levels.get(player.name) ?? 1 } } : unauthorized;
      },
      "PUT /level": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        await sleep(WINDOW_MS);
        if (!racy && !players.byToken.has(token)) return unauthorized;
        levels.set(player.name, body.level);
        return { status: 200, body: {} };
      },
    },
    pointsDocument({
      "/points": {},
      "/level": {
        get: { security: [{ bearer: [] }], responses: { 200: { description: "OK", ...media } } },
        put: {
          security: [{ bearer: [] }],
          requestBody: { required: true, ...media },
          responses: { 200: { description: "Set." } },
        },
      },
    }),
  );
}
