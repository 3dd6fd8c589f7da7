import { type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

interface Situation {
  /** Requests that are worked on at once; the others wait. */
  readonly workers?: number;
  /** The server's clock less this machine's, ms. */
  readonly clockMs?: number;
  readonly workMs?: number;
  /** Points are read before the work, and written after it. */
  readonly racy?: boolean;
}

/** An API on so many workers, whose clock may be wrong. */
export async function workersTarget({
  workers = Number.POSITIVE_INFINITY,
  clockMs = 0,
  workMs = 20,
  racy = false,
}: Situation = {}): Promise<Target> {
  const players = new Players();
  const waiting: (() => void)[] = [];
  let busy = 0;
  const worked = async (work: () => Promise<Reply>): Promise<Reply> => {
    if (busy >= workers) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  };
  return serve(
    {
      ...pointsRoutes(players),
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const old = player.points;
        await sleep(workMs);
        player.points = (racy ? old : player.points) + body.points;
        return { status: 200, body: {} };
      },
    },
    pointsDocument(),
    async (_call, handle) => {
      const reply = await worked(handle);
      return { ...reply, headers: { date: new Date(Date.now() + clockMs).toUTCString(), ...reply.headers } };
    },
  );
}
