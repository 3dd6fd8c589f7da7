/**
 * Races take turns: what is measured and what is held between two statements must be one race's alone. Between its proof
 * and its confirmation a race only waits, and before a trial it only sets the scene: then others may have their turn, or
 * set theirs at the same time. No turn begins before all scenes are set.
 */
export class Turns {
  #busy = false;
  #aside = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #waitingAside: (() => void)[] = [];

  /** Runs `work` in a turn of its own. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** Gives the turn away while `work` is under way, and takes another one for going on. */
  async leave<T>(work: () => Promise<T>): Promise<T> {
    this.end();
    try {
      return await work();
    } finally {
      await this.begin();
    }
  }

  /** Gives the turn away for `work` that others may do at the same time, and takes another one for going on. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    return this.leave(async () => {
      // Those whose scene is set come first: else one of them might wait for ever.
      if (this.#busy || this.#waiting.length > 0)
        await new Promise<void>((resolve) => this.#waitingAside.push(resolve));
      else this.#aside++;
      try {
        return await work();
      } finally {
        this.#aside--;
        this.next();
      }
    });
  }

  /** Whether others work aside at this moment, too. */
  get crowded(): boolean {
    return this.#aside > 1;
  }

  private async begin(): Promise<void> {
    if (this.#busy || this.#aside > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
  }

  private end(): void {
    this.#busy = false;
    this.next();
  }

  private next(): void {
    if (this.#busy || this.#aside > 0) return;
    const turn = this.#waiting.shift();
    // Handed over: nobody else gets in between.
    if (turn) {
      this.#busy = true;
      turn();
    } else
      for (const scene of this.#waitingAside.splice(0)) {
        this.#aside++;
        scene();
      }
  }
}
