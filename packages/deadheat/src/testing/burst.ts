import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { BurstOptions, ScheduledRequest } from "../race/transport/index.ts";

/** Of a burst, on the real clock. */
export function burstOptions(
  timeoutMs = 2000,
  signal: AbortSignal = new AbortController().signal,
): BurstOptions {
  setMaxListeners(0, signal);
  return { clock: { now: () => performance.now(), sleep: (ms) => sleep(ms) }, signal, timeoutMs };
}

/** `POST /0`, `POST /1`, …, each with a body of its own. */
export function posts(
  count: number,
  options: { body?: (index: number) => string; offsetMs?: (index: number) => number } = {},
): ScheduledRequest[] {
  const { body = (index) => `{"n":${index}}`, offsetMs = () => 0 } = options;
  return Array.from({ length: count }, (_, index) => ({
    request: {
      method: "POST",
      path: `/${index}`,
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      body: body(index),
    },
    offsetMs: offsetMs(index),
  }));
}

/** Status or failure of each, in the order of the requests. */
export function outcomes({
  exchanges,
}: {
  readonly exchanges: readonly { readonly status?: number; readonly failure?: string }[];
}): (number | string | undefined)[] {
  return exchanges.map(({ status, failure }) => failure ?? status);
}
