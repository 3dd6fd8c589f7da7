import type { RaceContext } from "./context.ts";
import type { HttpRequest } from "./exchange.ts";

const SAMPLES = 6;
const APART_MS = 230;

/**
 * The server's clock less this machine's, from `Date` headers (RFC 9110 §6.6.1). Each is cut to a whole second
 * and was stamped between sending and receiving: every sample narrows the interval, the more so as they
 * fall on different parts of a second. `undefined` where the server sends none.
 */
export async function clockSkew(
  context: RaceContext,
  request: HttpRequest,
  wallClock: () => number,
): Promise<{ readonly skewMs: number; readonly uncertaintyMs: number } | undefined> {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let index = 0; index < SAMPLES; index++) {
    const sent = wallClock();
    const { headers } = await context.session.send(request);
    const received = wallClock();
    const date = Date.parse(headers.date ?? "");
    if (Number.isFinite(date)) {
      low = Math.max(low, date - received);
      high = Math.min(high, date + 1000 - sent);
    }
    await context.clock.sleep(APART_MS, context.signal);
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  return { skewMs: Math.round((low + high) / 2), uncertaintyMs: Math.round(Math.abs(high - low) / 2) };
}
