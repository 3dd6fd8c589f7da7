import { type Routes, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

export type SignOut = "racy" | "right" | "nothing" | "everything" | "missing" | "one session";

/**
 * Sign-out against a call of 12 ms: checked too early, ordered rightly, without effect, for all tokens, not there in
 * spite of the document, or where signing in ends the session before.
 */
export async function signOutTarget(signOut: SignOut, oneToken = false): Promise<Target> {
  const players = new Players();
  const holds = new Map<string, number>();
  return serve(
    {
      ...pointsRoutes(players),
      // As DRF's authtoken: signing in again gives the token that there is.
      ...(oneToken ? oneTokenEach(players) : {}),
      ...(signOut === "one session" ? oneSessionEach(players) : {}),
      "POST /signout": async ({ token }) => {
        if (signOut === "missing") return { status: 404, body: {} };
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        if (signOut === "nothing") return { status: 204 };
        if (signOut === "everything")
          for (const [other, owner] of players.byToken) if (owner === player) players.byToken.delete(other);
        players.byToken.delete(token);
        return { status: 204 };
      },
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        holds.set(token, (holds.get(token) ?? 0) + 1);
        if (signOut === "racy") await sleep(12);
        else {
          await sleep(6);
          // Checked and written in one step; the answer leaves later, perhaps after the sign-out's.
          if (!players.byToken.has(token)) return unauthorized;
        }
        player.points += body.points;
        if (signOut !== "racy") await sleep(6);
        return { status: 200, body: {} };
      },
    },
    pointsDocument(),
  );
}

function oneSessionEach(players: Players): Routes {
  return {
    "POST /signin": ({ body }) => {
      const token = players.signIn(body.username, body.password);
      for (const [other, { name }] of players.byToken)
        if (name === body.username && other !== token) players.byToken.delete(other);
      return token ? { status: 200, body: { token } } : unauthorized;
    },
  };
}

function oneTokenEach(players: Players): Routes {
  return {
    "POST /signin": ({ body }) => {
      const known = [...players.byToken].find(([, { name }]) => name === body.username);
      const token = known?.[0] ?? players.signIn(body.username, body.password);
      return token ? { status: 200, body: { token } } : unauthorized;
    },
  };
}
