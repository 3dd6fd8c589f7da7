/**
 * Races take turns: what is measured and what is held between two statements must be one race's alone. Between its proof
 * and its confirmation a race only waits; then another one may have its turn.
 */
export class Turns {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

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

  private async begin(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
  }

  private end(): void {
    const next = this.#waiting.shift();
    // Handed over: nobody else gets in between.
    if (next) next();
    else this.#busy = false;
  }
}
