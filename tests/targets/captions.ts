import { answer, body, unauthorized } from "./accounts.ts";
import { type Routes, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes } from "./points.ts";

/** How a caption is kept. */
export type Kept =
  // In one step: made or replaced.
  | "one"
  // Looked for, then made where there was none: two at once make two.
  | "looked for"
  // Each text that is not there yet is put beside the others.
  | "each text once";

/** `PUT /caption` says a text; the only read shows a list of texts. */
export async function captionsTarget(kept: Kept): Promise<Target> {
  const players = new Players();
  const captions = new Map<string, string[]>();
  const routes: Routes = {
    ...pointsRoutes(players),
    "GET /captions": ({ token }) => {
      const player = players.byToken.get(token);
      return player
        ? { status: 200, body: (captions.get(player.name) ?? []).map((caption) => ({ caption })) }
        : unauthorized;
    },
    "PUT /caption": async ({ token, body: { caption } }) => {
      const player = players.byToken.get(token);
      if (!player) return unauthorized;
      const found = captions.get(player.name) ?? [];
      captions.set(player.name, found);
      const there = kept === "each text once" ? found.includes(caption) : found.length > 0;
      if (kept !== "one") await sleep(12);
      if (!there) found.push(caption);
      else if (kept !== "each text once") found[0] = caption;
      if (kept === "one") await sleep(12);
      return { status: 200, body: {} };
    },
  };
  const guarded = [{ bearer: [] }];
  const caption = { type: "string", maxLength: 40 };
  const list = { type: "array", items: { type: "object", properties: { caption } } };
  return serve(
    routes,
    pointsDocument({
      "/points": {},
      "/me": { get: { security: guarded, responses: { 200: answer({}) } } },
      "/captions": {
        get: {
          security: guarded,
          responses: { 200: { description: "All.", content: { "application/json": { schema: list } } } },
        },
      },
      "/caption": {
        put: { security: guarded, requestBody: body({ caption }), responses: { 200: answer({}) } },
      },
    }),
  );
}
