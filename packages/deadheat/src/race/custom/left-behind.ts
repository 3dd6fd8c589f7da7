import type { RaceContext } from "../context.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";

/** Long enough for a lock or a busy worker to be gone, short beside a run. */
const PAUSES_MS = [100, 500];

/** Answers that may be others a moment later: 409 and 423 while something else is still at work on it. */
function isPassing({ status }: Exchange): boolean {
  return status === undefined || status >= 500 || [408, 409, 423, 425, 429].includes(status);
}

/** Sends a removal, again where the answer may be another one a moment later: one bad moment leaves nothing behind. */
export async function unlessLater(
  { session, clock, signal }: Pick<RaceContext, "session" | "clock" | "signal">,
  request: HttpRequest,
): Promise<Exchange> {
  let answer = await session.send(request);
  for (const pause of PAUSES_MS) {
    if (!isPassing(answer) || signal.aborted) break;
    await clock.sleep(pause, signal);
    answer = await session.send(request);
  }
  return answer;
}

/**
 * Where the answer to a creation says the new thing is (RFC 9110 §10.2.2 and §15.3.2), as a path of the target;
 * a thing at another origin is not ours to touch.
 */
export function locationOf({ request, status, headers }: Exchange, target: string): string | undefined {
  const { location } = headers;
  const base = new URL(request.path, target);
  if (status !== 201 || request.method !== "POST" || location === undefined) return undefined;
  if (!URL.canParse(location, base.href)) return undefined;
  const place = new URL(location, base);
  if (place.origin !== base.origin || !place.pathname.startsWith(withSlash(base.pathname))) return undefined;
  // Some name the collection, all of which is not ours either.
  return withSlash(place.pathname) === withSlash(base.pathname) ? undefined : place.pathname;
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
