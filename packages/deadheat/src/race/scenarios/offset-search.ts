import { vanDerCorput } from "../../random.ts";

/** What became of the call whose authority ended so much after it was sent. */
interface Seen {
  readonly offsetMs: number;
  readonly refused: boolean;
}

/** How far past the turning point it is looked, in parts of the reach. */
const BEYOND = 0.3;
/** Fewer show no turning point. */
const ENOUGH = 3;

/**
 * Which offset to try next (DESIGN §7). An end that comes before the check refuses the call, one that comes after it
 * does not; the gap between check and act begins where the one turns into the other, wherever in the handler that is.
 * So every other offset sweeps over the whole call, and the others look closely behind the turning point: an end that
 * comes late in a gap of 20 ms is acknowledged, and read back, when the act is done already.
 */
export class OffsetSearch {
  readonly #reachMs: number;
  readonly #seen: Seen[] = [];

  /** `reachMs`: the longest offset that is worth a trial. */
  constructor(reachMs: number) {
    this.#reachMs = reachMs;
  }

  saw(offsetMs: number, refused: boolean): void {
    this.#seen.push({ offsetMs, refused });
  }

  /** `index` counts the trials with an offset, from 0. */
  next(index: number): number {
    const turn = index % 2 === 1 ? this.turningPoint() : undefined;
    const share = vanDerCorput(Math.floor(index / 2));
    return turn === undefined ? share * this.#reachMs : turn + share ** 2 * BEYOND * this.#reachMs;
  }

  /** The offset that parts refused calls from others with the fewest on the wrong side; ms. */
  turningPoint(): number | undefined {
    if (this.#seen.length < ENOUGH) return undefined;
    const sorted = [...this.#seen].sort((a, b) => a.offsetMs - b.offsetMs);
    let wrong = sorted.filter(({ refused }) => refused).length;
    // Before the first: all are expected not to be refused.
    let best = { wrong, offsetMs: 0 };
    for (const [index, { offsetMs, refused }] of sorted.entries()) {
      wrong += refused ? -1 : 1;
      const following = sorted[index + 1]?.offsetMs ?? this.#reachMs;
      if (wrong < best.wrong) best = { wrong, offsetMs: (offsetMs + following) / 2 };
    }
    return best.offsetMs;
  }
}
