/** Of the grid over the reach: fine enough for a window of a hundredth of it. */
const CELLS = 280;
/** How far two clocks and a network blur an offset, in parts of the reach: which of these it is comes out as well. */
const BLURS = [1 / 400, 1 / 140, 1 / 70, 1 / 25];
/** One in so many answers says nothing: refused for another reason, or let in by a cache. */
const ODD = 0.02;

/** Where the belief lies, ms. */
export interface Belief {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * What is believed of the moment at which a handler looks at the token, from calls that an end at some offset refused or
 * let in: noisy bisection (Burnashev and Zigangirov 1974; Waeber, Frazier, Henderson 2013). Offsets are blurred, so that
 * one odd answer must not throw away the half in which the moment is.
 */
export class TurningPoint {
  readonly #reachMs: number;
  /** By blur, then by cell: weights that add up to one. */
  #weights: number[][];

  constructor(reachMs: number) {
    this.#reachMs = reachMs;
    this.#weights = BLURS.map(() => Array<number>(CELLS).fill(1 / (CELLS * BLURS.length)));
  }

  /** The call was refused, or not, with its authority's end so much after it. */
  saw(offsetMs: number, refused: boolean): void {
    const offset = offsetMs / this.#reachMs;
    let sum = 0;
    const weighted = this.#weights.map((cells, index) => {
      const blur = BLURS[index] as number;
      return cells.map((weight, cell) => {
        // Refused where the end came before the look.
        const before = normal((place(cell) - offset) / blur);
        const likely = ODD + (1 - 2 * ODD) * (refused ? before : 1 - before);
        sum += weight * likely;
        return weight * likely;
      });
    });
    this.#weights = weighted.map((cells) => cells.map((weight) => weight / sum));
  }

  belief(): Belief {
    const cells = this.#byCell();
    return {
      low: this.#quantile(cells, 0.05),
      median: this.#quantile(cells, 0.5),
      high: this.#quantile(cells, 0.95),
    };
  }

  /** The offset that most likely falls into a window of this width that begins at the moment. */
  likeliest(widthMs: number): number {
    const width = widthMs / this.#reachMs;
    const { low, high } = this.belief();
    const last = cellAt(high / this.#reachMs + width);
    let best = { chance: -1, cell: 0 };
    for (let cell = cellAt(low / this.#reachMs); cell <= last; cell++) {
      const chance = this.#chance(place(cell), width);
      if (chance > best.chance) best = { chance, cell };
    }
    return place(best.cell) * this.#reachMs;
  }

  #chance(offset: number, width: number): number {
    let chance = 0;
    for (const [index, cells] of this.#weights.entries()) {
      const blur = BLURS[index] as number;
      for (const [cell, weight] of cells.entries()) {
        if (weight < 1e-5) continue;
        const from = place(cell) - offset;
        chance += weight * (normal((from + width) / blur) - normal(from / blur));
      }
    }
    return chance;
  }

  #byCell(): number[] {
    return Array.from({ length: CELLS }, (_, cell) =>
      this.#weights.reduce((sum, cells) => sum + (cells[cell] as number), 0),
    );
  }

  #quantile(cells: readonly number[], share: number): number {
    let sum = 0;
    for (const [cell, weight] of cells.entries()) {
      sum += weight;
      if (sum >= share) return place(cell) * this.#reachMs;
    }
    return this.#reachMs;
  }
}

function cellAt(part: number): number {
  return Math.min(CELLS - 1, Math.floor(part * CELLS));
}

/** Middle of a cell, in parts of the reach. */
function place(cell: number): number {
  return (cell + 0.5) / CELLS;
}

/** Cumulative distribution of the standard normal, by the logistic approximation (error below 0.02). */
function normal(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x));
}
