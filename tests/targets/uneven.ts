import { serve, sleep, type Target } from "./api.ts";
import { type Player, Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/** How the points are added. */
export type Adding = "in place" | "read, then written" | "written if unchanged, else 500";

const WORK_MS = 8;
const COLD_MS = 700;

interface Unevenness {
  /** Whatever is under way together for the first time waits for pools and caches to fill. */
  readonly coldStart?: boolean;
}

/** Points behind a check in the same step as the write, on a server that does not always take the same time. */
export async function unevenTarget(adding: Adding, { coldStart = false }: Unevenness = {}): Promise<Target> {
  const players = new Players();
  const versions = new Map<Player, number>();
  let underWay = 0;
  let cold = coldStart;
  const warmUp = async () => {
    if (!cold || underWay < 2) return;
    await sleep(COLD_MS);
    cold = false;
  };
  return serve(
    {
      ...pointsRoutes(players),
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const version = versions.get(player);
        const old = player.points;
        await sleep(WORK_MS);
        if (!players.byToken.has(token)) return unauthorized;
        // Optimistic, as PostgreSQL at REPEATABLE READ: the first to commit wins, and nobody tries again.
        if (adding === "written if unchanged, else 500" && versions.get(player) !== version)
          return { status: 500, body: { error: "could not serialize access due to concurrent update" } };
        versions.set(player, (versions.get(player) ?? 0) + 1);
        player.points = (adding === "read, then written" ? old : player.points) + body.points;
        return { status: 200, body: {} };
      },
    },
    pointsDocument(),
    async (_call, handle) => {
      underWay++;
      try {
        await warmUp();
        return await handle();
      } finally {
        underWay--;
      }
    },
  );
}
