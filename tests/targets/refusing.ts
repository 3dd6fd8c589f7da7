import { serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

export type Refusal = "429" | "silent" | "silent-slow" | "500-maybe" | "cut" | "duplicate" | "capped";

const WINDOW_MS = 1000;
const PER_WINDOW = 5;
const CAP = 40;

/** A correct API that does not always do what it was asked to: by limits, failures, or on purpose. */
export async function refusingTarget(refusal: Refusal): Promise<Target> {
  const players = new Players();
  const recent = new Map<string, number[]>();
  const seen = new Map<string, number>();
  let underWay = 0;
  const within = (token: string) => {
    const now = performance.now();
    const times = (recent.get(token) ?? []).filter((time) => now - time < WINDOW_MS);
    if (times.length >= PER_WINDOW) return false;
    recent.set(token, [...times, now]);
    return true;
  };
  return serve(
    {
      ...pointsRoutes(players),
      "POST /points": async ({ token, body }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        if (refusal === "429" && !within(player.name))
          return { status: 429, body: {}, headers: { "retry-after": "0" } };
        if (refusal.startsWith("silent") && !within(player.name)) return { status: 200, body: {} };
        underWay++;
        await sleep(refusal === "silent-slow" ? 20 : 4);
        const alone = underWay-- === 1;
        if (!players.byToken.has(token)) return unauthorized;
        if (refusal === "duplicate") {
          const key = `${player.name} ${body.points}`;
          const last = seen.get(key);
          if (last !== undefined && performance.now() - last < WINDOW_MS) return { status: 200, body: {} };
          seen.set(key, performance.now());
        }
        const fails = refusal === "500-maybe" && !alone && Math.random() < 0.5;
        if (fails && Math.random() < 0.5) return { status: 500, body: {} };
        player.points += body.points;
        if (refusal === "capped") player.points = Math.min(player.points, CAP);
        if (fails) return { status: 500, body: {} };
        if (refusal === "cut" && !alone && Math.random() < 0.5) return { status: 0, cut: true };
        return { status: 200, body: {} };
      },
    },
    pointsDocument(),
  );
}
