import { GuardError } from "./errors.ts";
import type { Chance } from "./retry.ts";

/** Until when something is worth waiting for: a deadline, and whoever asked may lose interest before it. */
export interface Limit {
  /** For what the handler waits for elsewhere. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** Rejects when the limit is reached. `abandoned` is given what comes after that. */
  race<T>(promise: Promise<T>, abandoned?: (late: T) => void): Promise<T>;
  end(): void;
}

export interface LimitOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @throws RangeError where the deadline is not a positive number of milliseconds below 2³¹
 */
export function limited({ deadlineMs, signal: asker }: LimitOptions, chance: Chance): Limit {
  if (!(deadlineMs > 0 && deadlineMs < 2 ** 31))
    throw new RangeError("a deadline is above 0 ms and below 2³¹ ms");
  const controller = new AbortController();
  const { signal } = controller;
  const until = chance.now() + deadlineMs;
  const stop = chance.after(deadlineMs, () => controller.abort(new GuardError("deadline-exceeded")));
  const leave = () => controller.abort(asker?.reason);
  if (asker?.aborted) leave();
  else asker?.addEventListener("abort", leave, { once: true });
  const reached = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
  reached.catch(() => {});

  return {
    signal,
    remainingMs: () => Math.max(0, until - chance.now()),
    async race(promise, abandoned) {
      if (abandoned) promise.then((late) => signal.aborted && abandoned(late)).catch(() => {});
      return Promise.race([reached, promise]);
    },
    end() {
      stop();
      asker?.removeEventListener("abort", leave);
    },
  };
}
