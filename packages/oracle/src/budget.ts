import { OracleError } from "./errors.ts";

/** Why a check gave up. */
export type StopReason = "configs" | "deadline" | "aborted";

/** The limits of one check; absent means none. */
export interface Limits {
  /** Most configurations (sets of placed operations with a state) that may be visited. */
  readonly maxConfigs?: number;
  /** Most time, in ms of `now`. Needs `now`. */
  readonly deadlineMs?: number;
  /** A monotonic clock in ms, such as `() => performance.now()`. The oracle reads no clock of its own. */
  readonly now?: () => number;
  /** Stops the check where it is aborted before, or from within `now`; `checkAsync` sees it at any time. */
  readonly signal?: AbortSignal;
}

/** Each configuration takes 30 to 100 bytes: this many stay under 300 MB. */
export const DEFAULT_MAX_CONFIGS = 3_000_000;

const PULSES_PER_LOOK = 512;

/** Thrown by `pulse`; never leaves the package. */
export class Stopped extends Error {}

/** Counts configurations and watches the clock for one check. */
export class Budget {
  configs = 0;
  stopped: StopReason | undefined;
  #pulses = 0;
  readonly #maxConfigs: number;
  readonly #now: (() => number) | undefined;
  readonly #start: number;
  readonly #end: number;
  readonly #signal: AbortSignal | undefined;

  constructor(limits: Limits) {
    const { maxConfigs = DEFAULT_MAX_CONFIGS, deadlineMs, now, signal } = limits;
    if (!(maxConfigs >= 0))
      throw new OracleError("bad-option", `maxConfigs is ${maxConfigs}, not a number ≥ 0`);
    if (deadlineMs !== undefined && !(deadlineMs >= 0)) {
      throw new OracleError("bad-option", `deadlineMs is ${deadlineMs}, not a number ≥ 0`);
    }
    // A deadline that silently never comes would be worse than an error.
    if (deadlineMs !== undefined && now === undefined) {
      throw new OracleError("bad-option", "deadlineMs needs now: pass `now: () => performance.now()`");
    }
    this.#maxConfigs = maxConfigs;
    this.#now = now;
    this.#start = now?.() ?? 0;
    this.#end = deadlineMs === undefined ? Number.POSITIVE_INFINITY : this.#start + deadlineMs;
    this.#signal = signal;
  }

  /** A budget inside this one: at most `maxConfigs` of its own, and this one's time and signal. */
  part(maxConfigs: number): Budget {
    return this.within(Math.min(maxConfigs, this.left()), Number.POSITIVE_INFINITY);
  }

  /** A budget with this one's time and signal, but configurations of its own. */
  within(maxConfigs: number, ms: number): Budget {
    const deadlineMs = Math.min(ms, this.leftMs());
    return new Budget({
      maxConfigs,
      ...(this.#now !== undefined && { now: this.#now }),
      ...(this.#now !== undefined && Number.isFinite(deadlineMs) && { deadlineMs }),
      ...(this.#signal !== undefined && { signal: this.#signal }),
    });
  }

  /** True once any limit is reached; stays true. Cheap enough for every hundredth step. */
  spent(): boolean {
    if (this.stopped !== undefined) return true;
    if (this.configs >= this.#maxConfigs) this.stopped = "configs";
    else if (this.#signal?.aborted) this.stopped = "aborted";
    else if (this.#now !== undefined && this.#now() >= this.#end) this.stopped = "deadline";
    return this.stopped !== undefined;
  }

  /** For loops that are no search: looks at the limits now and then, and ends them by a throw. */
  pulse(): void {
    if (++this.#pulses % PULSES_PER_LOOK === 0 && this.spent()) throw new Stopped();
  }

  /** Configurations left. */
  left(): number {
    return Math.max(0, this.#maxConfigs - this.configs);
  }

  /** Time left in ms; Infinity without a deadline. */
  leftMs(): number {
    return this.#end === Number.POSITIVE_INFINITY ? this.#end : Math.max(0, this.#end - this.#now!());
  }

  /** Time since the start in ms; 0 without a clock. */
  elapsed(): number {
    return this.#now === undefined ? 0 : this.#now() - this.#start;
  }
}
