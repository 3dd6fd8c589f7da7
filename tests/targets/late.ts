import { type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

export type Lateness = "eventual" | "replica" | "accepted" | "cache" | "rarely-stale";

/** A correct API whose reads do not show a write at once. */
export async function lateTarget(lateness: Lateness): Promise<Target> {
  const players = new Players();
  const routes = pointsRoutes(players);
  const shown = new Map<string, number>();
  const cached = new Map<string, { until: number; reply: Reply }>();
  let reads = 0;
  const later = (name: string, points: number, ms: number) =>
    setTimeout(() => shown.set(name, Math.max(points, shown.get(name) ?? 0)), ms).unref();
  return serve(
    {
      ...routes,
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        await sleep(4);
        if (!players.byToken.has(token)) return unauthorized;
        if (lateness === "accepted") {
          setTimeout(() => (player.points += body.points), 150 + 100 * Math.random()).unref();
          return { status: 202, body: {} };
        }
        player.points += body.points;
        const ms = lateness === "eventual" ? 200 : lateness === "replica" ? 60 * Math.random() : 30;
        later(player.name, player.points, ms);
        return { status: 200, body: {} };
      },
      "GET /me": async ({ token }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        const points = shown.get(player.name) ?? 0;
        switch (lateness) {
          case "eventual":
            return { status: 200, body: { points } };
          case "replica":
            // A replica, asked every third time, lags.
            return { status: 200, body: { points: reads++ % 3 === 1 ? points : player.points } };
          case "rarely-stale":
            return { status: 200, body: { points: reads++ % 29 === 28 ? points : player.points } };
          case "cache": {
            const hit = cached.get(token);
            if (hit && hit.until > performance.now()) return hit.reply;
            const reply = { status: 200, body: { points: player.points } };
            cached.set(token, { until: performance.now() + 3000, reply });
            return reply;
          }
          default:
            return { status: 200, body: { points: player.points } };
        }
      },
    },
    pointsDocument(),
  );
}
