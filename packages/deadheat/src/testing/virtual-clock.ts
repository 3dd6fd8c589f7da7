import type { Clock } from "../clock.ts";

/** Time that passes only where all wait: as long as a test says, and on a busy machine no longer. */
export class VirtualClock implements Clock {
  #now = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ until: this.#now + Math.max(0, ms), wake }));
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    done.catch(() => {});
    while (!over) {
      // Whatever can go on without time passing does so first.
      await new Promise((resolve) => setImmediate(resolve));
      const [next, ...rest] = this.#sleepers.sort((a, b) => a.until - b.until);
      if (over || !next) continue;
      this.#sleepers = rest;
      this.#now = Math.max(this.#now, next.until);
      next.wake();
    }
    return done;
  }
}
