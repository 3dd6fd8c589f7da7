import { type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/** A racy handler on a server that works on one request at a time, each `ms` long (0: without any wait). */
export async function oneAtATimeTarget(ms: number): Promise<Target> {
  const players = new Players();
  return serve(
    {
      ...pointsRoutes(players),
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const { points } = player;
        // From ms to twice ms.
        if (ms > 0) await sleep(ms + ms * Math.random());
        if (!players.byToken.has(token)) return unauthorized;
        player.points = points + body.points;
        return { status: 200, body: {} };
      },
    },
    pointsDocument(),
    oneAfterAnother(),
  );
}

/** A server with one thread. */
export function oneAfterAnother(): NonNullable<Parameters<typeof serve>[2]> {
  let last: Promise<unknown> = Promise.resolve();
  return (_call, handle) => {
    const mine: Promise<Reply> = last.then(handle);
    last = mine.catch(() => {});
    return mine;
  };
}
