import type { Clock } from "../clock.ts";
import type { Exchange } from "./exchange.ts";

/** Ends a scan: whatever is left cannot be judged. */
export class ScanStopped extends Error {}

/** Counts every request that leaves, whatever sends it. */
export interface RequestBudget {
  readonly limit: number;
  spent: number;
}

/** The request budget of a scan is used up. */
export class BudgetSpent extends ScanStopped {}

/** The API is in trouble, or wants to be left alone. DESIGN §11. */
export class Overloaded extends ScanStopped {}

export function spend(budget: RequestBudget, count: number): void {
  if (budget.spent + count > budget.limit)
    throw new BudgetSpent(`the budget of ${budget.limit} requests is used up`);
  budget.spent += count;
}

const WATCHED = 30;
const SPIKE = 20;
const LONGEST_WAIT_MS = 30_000;
/** Where a 429 does not say how long. */
const FIRST_WAIT_MS = 500;

/**
 * How fast requests may leave. An API that answers "later" is left alone for as long as it says; one that
 * keeps failing calls that are made one at a time is not called any more. Bursts do not count as failing:
 * a server that answers half of a burst with 500 is a result, not trouble.
 */
export class Pacing {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #intervalMs: number;
  #notBefore = Number.NEGATIVE_INFINITY;
  #recent: boolean[] = [];
  #last = "";
  /** Longer than a scan can wait, s. */
  #leftAlone: number | undefined;

  constructor(options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly ratePerSecond?: number;
  }) {
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#intervalMs = options.ratePerSecond ? 1000 / options.ratePerSecond : 0;
  }

  /** Waits until `count` requests may leave. Throws Overloaded. */
  async before(count = 1): Promise<void> {
    const troubled = this.#recent.filter(Boolean).length;
    if (troubled >= SPIKE)
      throw new Overloaded(
        `stopped: ${troubled} of the last ${this.#recent.length} calls made one at a time were answered ${this.#last}`,
      );
    if (this.#leftAlone !== undefined)
      throw new Overloaded(`stopped: the API asks not to be called for ${this.#leftAlone} s`);
    const now = this.#clock.now();
    const start = Math.max(now, this.#notBefore);
    if (this.#intervalMs > 0) this.#notBefore = start + count * this.#intervalMs;
    if (start > now) await this.#clock.sleep(start - now, this.#signal);
  }

  /** Notes the answer to a call that was made alone. */
  after(exchange: Exchange): void {
    const { status } = exchange;
    const trouble = status === 429 || (status !== undefined && status >= 500);
    this.#recent = [...this.#recent, trouble].slice(-WATCHED);
    if (trouble) this.#last = String(status);
    this.later(exchange);
  }

  /** An answer that says "later": nothing leaves until then. */
  later(exchange: Exchange): void {
    const wait = retryAfterMs(exchange);
    if (wait !== undefined && wait > LONGEST_WAIT_MS) this.#leftAlone = Math.ceil(wait / 1000);
    else if (wait !== undefined) this.#notBefore = Math.max(this.#notBefore, this.#clock.now() + wait);
  }
}

/** How long an answer asks to wait, ms (`Retry-After`, RFC 9110 §10.2.3); `undefined` where it does not. */
export function retryAfterMs({ status, headers }: Exchange): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const text = headers["retry-after"];
  if (text === undefined) return status === 429 ? FIRST_WAIT_MS : undefined;
  const seconds = Number(text);
  // The other form is a date: measured against the server's own clock, where it sends one.
  const dated = (Date.parse(text) - Date.parse(headers.date ?? "")) / 1000;
  const wanted = Number.isFinite(seconds) ? seconds : Number.isFinite(dated) ? dated : 0.5;
  return Math.max(wanted * 1000, 0);
}
