import { GuardError } from "./errors.ts";
import type { Chance } from "./retry.ts";

/** Until when something is worth waiting for: a deadline, and whoever asked may lose interest before it. */
export interface Limit {
  /** For what the handler waits for elsewhere. */
  readonly signal: AbortSignal;
  readonly isReached: boolean;
  /** Throws the reason of the signal. */
  throwIfReached(): void;
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
  // Few handlers look at the signal: it costs as much as a tenth of all the rest, and is made when one does.
  let controller: AbortController | undefined;
  let over: { readonly reason: unknown } | undefined;
  let reach: (reason: unknown) => void = () => {};
  const reached = new Promise<never>((_resolve, reject) => {
    reach = reject;
  });
  reached.catch(() => {});
  const end = (reason: unknown) => {
    over ??= { reason };
    reach(over.reason);
    controller?.abort(over.reason);
  };
  const until = chance.now() + deadlineMs;
  const stop = chance.after(deadlineMs, () => end(new GuardError("deadline-exceeded")));
  const leave = () => end(asker?.reason);
  if (asker?.aborted) leave();
  else asker?.addEventListener("abort", leave, { once: true });

  return {
    get signal() {
      controller ??= new AbortController();
      if (over && !controller.signal.aborted) controller.abort(over.reason);
      return controller.signal;
    },
    get isReached() {
      return over !== undefined;
    },
    throwIfReached() {
      if (over) throw over.reason;
    },
    remainingMs: () => Math.max(0, until - chance.now()),
    race(promise, abandoned) {
      if (abandoned) promise.then((late) => over && abandoned(late)).catch(() => {});
      return Promise.race([reached, promise]);
    },
    end() {
      stop();
      asker?.removeEventListener("abort", leave);
    },
  };
}
