import type { Clock } from "../../clock.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import type { Target } from "../target.ts";

/** A request of a burst. */
export interface ScheduledRequest {
  readonly request: HttpRequest;
  /** How long after the release its last byte leaves, in ms. */
  readonly offsetMs: number;
}

export interface BurstOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For each request, from its release. */
  readonly timeoutMs: number;
  /** Called when an answer is complete, so that an observation can follow it at once. */
  readonly onAnswer?: (index: number, exchange: Exchange) => void;
}

/** What a burst did. `exchanges` are in the order of the requests. */
export interface Burst {
  /** When the withheld bytes of offset 0 began to leave, ms. */
  readonly release: number;
  /** When the last byte of each was handed to the system, ms. */
  readonly releases?: readonly number[];
  readonly exchanges: readonly Exchange[];
}

/** Whether a target speaks a transport; where it does not, why it was found not to, in words. */
export type Support = { readonly spoken: true } | { readonly spoken: false; readonly reason: string };

/** One way to make requests land together. One file, one transport. */
export interface Transport {
  readonly name: "http1" | "http2";
  /** In words, for the line that says how requests were raced. */
  readonly label: string;
  /** Sends nothing that changes state. */
  supports(target: Target, options: BurstOptions): Promise<Support>;
  /** Sends all but the last byte; the rest waits for its release. `close` may be called in any state. */
  hold(target: Target, request: HttpRequest, options: BurstOptions): Promise<HeldRequest>;
  burst(target: Target, requests: readonly ScheduledRequest[], options: BurstOptions): Promise<Burst>;
}

/** A request that is on its way but for its last byte. */
export interface HeldCall {
  release(): void;
  readonly done: Promise<Exchange>;
}

/** A held call and the connection that it is on. */
export interface HeldRequest extends HeldCall {
  close(): void;
}

/** Lets held calls go and waits for all of them. */
export async function finish(
  requests: readonly ScheduledRequest[],
  calls: readonly HeldCall[],
  options: BurstOptions,
): Promise<Burst> {
  const gates = calls.map((call) => call.release);
  const released = await releaseAll(requests, gates, options);
  const exchanges = await Promise.all(calls.map((call) => call.done));
  options.signal.throwIfAborted();
  return { ...released, exchanges };
}

/** A server that never takes what is sent early would keep a burst waiting. */
export async function within<T>({ timeoutMs, signal }: BurstOptions, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `work`; `close` is called when it ends, or at once when interrupted. */
export async function closing<T>(signal: AbortSignal, close: () => void, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  signal.addEventListener("abort", close, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** Releases each gate at its offset, never sooner; offset 0 in one tick, so that the writes leave together. */
async function releaseAll(
  requests: readonly ScheduledRequest[],
  gates: readonly (() => void)[],
  options: BurstOptions,
): Promise<{ readonly release: number; readonly releases: readonly number[] }> {
  const release = options.clock.now();
  const releases: number[] = [];
  const order = requests.map((one, index) => ({ index, at: one.offsetMs })).sort((a, b) => a.at - b.at);
  for (const { index, at } of order) {
    const left = () => release + at - options.clock.now();
    // Timers count from when the event loop began its round, in whole ms: they may be more than 1 ms early.
    while (at > 0 && left() > 0) await options.clock.sleep(left(), options.signal);
    gates[index]?.();
    releases[index] = options.clock.now();
  }
  return { release, releases };
}
