import type { Clock } from "../clock.ts";
import { codeIn } from "./code.ts";
import type { Message } from "./message.ts";

interface Kept {
  readonly recipients: readonly string[];
  readonly code: string;
  /** When it was seen, on the clock that is handed in. */
  readonly at: number;
}

interface Waiter {
  readonly address: string;
  readonly after: number;
  take(code: string): void;
}

const MOST_KEPT = 1_000;
/** How long a mail with another address is left to whom it may be for, ms. */
const GRACE_MS = 1_500;

/** Mails with a code in them that nobody has asked for yet. Each is given out once. */
export class Mails {
  readonly #clock: Clock;
  readonly #pattern: string | undefined;
  #kept: Kept[] = [];
  readonly #waiting = new Set<Waiter>();
  /** Addresses that somebody has asked for: their mail is nobody else's. */
  readonly #asked = new Set<string>();

  constructor(clock: Clock, pattern?: string) {
    this.#clock = clock;
    this.#pattern = pattern;
  }

  /** Whether there is a code in it: a greeting without one is not what anybody waits for. */
  add({ recipients, text }: Message): boolean {
    const code = codeIn(text, this.#pattern);
    if (code === undefined) return false;
    this.#kept = [...this.#kept, { recipients, code, at: this.#clock.now() }].slice(-MOST_KEPT);
    for (const waiter of this.#waiting) this.#serve(waiter);
    return true;
  }

  /**
   * The code of the newest mail to `address`, seen at `after` or later (on the clock). Where none comes, that of
   * the only mail that is to nobody who asked: some set-ups send all mail to one address. Rejects with the
   * signal's reason.
   */
  async codeFor(
    address: string,
    timeoutMs: number,
    after: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const wanted = address.trim().toLowerCase();
    this.#asked.add(wanted);
    const ended = new AbortController();
    let found: string | undefined;
    const waiter: Waiter = {
      address: wanted,
      after,
      take: (code) => {
        found = code;
        this.#waiting.delete(waiter);
        ended.abort();
      },
    };
    this.#waiting.add(waiter);
    this.#serve(waiter);
    const grace = Math.min(GRACE_MS, timeoutMs / 2);
    try {
      await this.#rest(grace, ended.signal, signal);
      this.#serveAny(waiter);
      for (let left = timeoutMs - grace; left > 0 && !ended.signal.aborted; left -= GRACE_MS) {
        await this.#rest(Math.min(left, GRACE_MS), ended.signal, signal);
        this.#serveAny(waiter);
      }
    } finally {
      this.#waiting.delete(waiter);
    }
    return found;
  }

  #serve(waiter: Waiter): void {
    const fitting = this.#kept.filter(
      ({ recipients, at }) => at >= waiter.after && recipients.includes(waiter.address),
    );
    const newest = fitting.at(-1);
    if (!newest) return;
    this.#kept = this.#kept.filter((one) => !fitting.includes(one));
    waiter.take(newest.code);
  }

  #serveAny(waiter: Waiter): void {
    if (!this.#waiting.has(waiter) || this.#waiting.size > 1) return;
    const strays = this.#kept.filter(
      ({ recipients, at }) => at >= waiter.after && !recipients.some((one) => this.#asked.has(one)),
    );
    const [only] = strays;
    if (!only || strays.length > 1) return;
    this.#kept = this.#kept.filter((one) => one !== only);
    waiter.take(only.code);
  }

  async #rest(ms: number, ended: AbortSignal, signal: AbortSignal): Promise<void> {
    if (ended.aborted) return;
    try {
      await this.#clock.sleep(ms, AbortSignal.any([ended, signal]));
    } catch (error) {
      if (!ended.aborted) throw error;
    }
  }
}
