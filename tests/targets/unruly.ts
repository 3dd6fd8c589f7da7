import { serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

export type Unruliness =
  | "random"
  | "alternating"
  | "ticker"
  | "slow-ticker"
  | "negative-ticker"
  | "noise"
  | "giver"
  | "taker";

/** Answers at random, effects that take turns, or a value that others change too. */
export async function unrulyTarget(unruliness: Unruliness): Promise<Target> {
  const players = new Players();
  const bystander = { giver: 1, taker: -1 }[unruliness as string];
  let calls = 0;
  let underWay = 0;
  let disturbed = false;
  const period = { ticker: 25, "slow-ticker": 3100, "negative-ticker": 700 }[unruliness as string];
  const timer = period
    ? setInterval(() => {
        for (const player of players.byName.values())
          player.points += unruliness === "negative-ticker" ? -1 : 1;
      }, period)
    : undefined;
  const target = await serve(
    {
      ...pointsRoutes(players),
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        underWay++;
        await sleep(8);
        // Once, in the middle of a burst, somebody else changes the value too.
        if (--underWay > 0 && !disturbed && bystander) {
          disturbed = true;
          player.points += bystander;
        }
        if (!players.byToken.has(token)) return unauthorized;
        if (unruliness === "random") player.points = Math.floor(Math.random() * 1000);
        else player.points += unruliness === "alternating" && calls++ % 2 ? -body.points : body.points;
        return { status: unruliness === "random" && Math.random() < 0.3 ? 500 : 200, body: {} };
      },
      "GET /me": ({ token }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const noise = unruliness === "noise" ? { now: performance.now(), reads: ++calls } : {};
        return { status: 200, body: { ...noise, points: player.points } };
      },
    },
    pointsDocument(),
  );
  return {
    ...target,
    stop() {
      clearInterval(timer);
      return target.stop();
    },
  };
}
