import { type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

const ALLOWED = 3;
const WORK_MS = 5;

/**
 * Three points a minute for each player, taken and counted in one step: nothing races. The minute ends whenever two
 * requests have come together, which is the worst moment that a clock can choose.
 */
export function perMinuteTarget(): Promise<Target> {
  const players = new Players();
  const taken = new Map<string, number>();
  let underWay = 0;
  const add = async (token: string): Promise<Reply> => {
    const player = players.byToken.get(token);
    if (!player) return unauthorized;
    if (++underWay === 2) taken.clear();
    await sleep(WORK_MS);
    underWay--;
    const count = taken.get(player.name) ?? 0;
    if (count >= ALLOWED) return { status: 409, body: { error: "later" } };
    taken.set(player.name, count + 1);
    player.points += 1;
    return { status: 200, body: {} };
  };
  return serve({ ...pointsRoutes(players), "POST /points": ({ token }) => add(token) }, pointsDocument());
}
