import { type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

export interface Supplied extends Target {
  readonly token: string;
  readonly password: string;
}

/** An API that lets nobody register: one player, whose token the user brings. */
export async function suppliedTarget(racy: boolean): Promise<Supplied> {
  const players = new Players();
  const password = "Zx9-long-password-of-one-player";
  players.signUp("ada", password);
  const token = players.signIn("ada", password) ?? "";
  const { "POST /signup": _signUp, "POST /signin": _signIn, ...routes } = pointsRoutes(players);
  const target = await serve(
    {
      ...routes,
      "POST /points": async ({ token: given, body }) => {
        const player = players.byToken.get(given);
        if (!player) return unauthorized;
        const old = player.points;
        await sleep(15);
        player.points = (racy ? old : player.points) + body.points;
        return { status: 200, body: {} };
      },
    },
    pointsDocument({ "/signup": {}, "/signin": {} }),
  );
  return { ...target, token, password };
}

/** Answers everything with a redirect to another origin, or only the operation that adds points. */
export async function redirectingTarget(everything: boolean, elsewhere: string): Promise<Target> {
  const players = new Players();
  const away = (path: string): Reply => ({ status: 307, headers: { location: `${elsewhere}${path}` } });
  return serve(pointsRoutes(players), pointsDocument(), async (call, handle) =>
    everything || call.path === "/points" ? away(call.path) : handle(),
  );
}
