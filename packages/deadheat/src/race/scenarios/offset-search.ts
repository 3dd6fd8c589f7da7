import type { OffsetWindow } from "../../findings/evidence.ts";
import { vanDerCorput } from "../../random.ts";
import { TurningPoint } from "./turning-point.ts";

/** What became of the call whose authority ended so much after it was sent. */
interface Seen {
  readonly offsetMs: number;
  readonly refused: boolean;
  readonly hit: boolean;
}

/** Offsets that only sweep, before there is anything to bisect. */
const SWEEP = 3;
/** Then so many that bisect and aim; from there on every other one sweeps again. */
const AIM = 16;
/** Known well enough to aim behind it, in parts of the reach. */
const NARROW = 0.06;
/** Windows that are aimed at, in parts of the reach: the narrow ones hide best. */
const WIDTHS = [0.014, 0.014, 0.014, 0.06];
/** How far past the turning point it is looked later on, in parts of the reach. */
const BEYOND = 0.3;

/**
 * Which offset to try next (DESIGN §7). An end that comes before the check refuses the call, one that comes after it
 * does not; the gap between check and act begins where the one turns into the other, wherever in the handler that is.
 * A sweep by van der Corput's sequence over the whole call, then noisy bisection of the turning point, then closely
 * behind it: an end that comes late in a gap of 20 ms is acknowledged, and read back, when the act is done already.
 * Where that shows nothing, every other offset sweeps on: the answers may turn somewhere else than the effects.
 */
export class OffsetSearch {
  readonly #reachMs: number;
  readonly #turning: TurningPoint;
  readonly #seen: Seen[] = [];

  /** `reachMs`: the longest offset that is worth a trial. */
  constructor(reachMs: number) {
    this.#reachMs = reachMs;
    this.#turning = new TurningPoint(reachMs);
  }

  saw(offsetMs: number, refused: boolean, hit = false): void {
    this.#seen.push({ offsetMs, refused, hit });
    this.#turning.saw(offsetMs, refused);
  }

  /** `index` counts the trials with an offset, from 0. */
  next(index: number): number {
    if (index < SWEEP || this.#seen.length < SWEEP) return vanDerCorput(index) * this.#reachMs;
    const later = index - SWEEP - AIM;
    if (later >= 0 && later % 2 === 0) return vanDerCorput(SWEEP + later / 2) * this.#reachMs;
    const { low, median, high } = this.#turning.belief();
    if (high - low > NARROW * this.#reachMs) return median;
    if (later >= 0) return median + vanDerCorput(Math.floor(later / 2)) ** 2 * BEYOND * this.#reachMs;
    const width = WIDTHS[index % WIDTHS.length] as number;
    return this.#turning.likeliest(width * this.#reachMs);
  }

  /** The offset that parts refused calls from others; `undefined` before enough was seen. */
  turningPoint(): number | undefined {
    return this.#seen.length < SWEEP ? undefined : this.#turning.belief().median;
  }

  /** Around the offsets at which an effect appeared; `undefined` where none did. */
  window(): OffsetWindow | undefined {
    const hits = this.#seen.filter((one) => one.hit).map((one) => one.offsetMs);
    if (hits.length === 0) return undefined;
    const [first, last] = [Math.min(...hits), Math.max(...hits)];
    const { low } = this.#turning.belief();
    const before = this.#seen.filter((one) => one.refused && one.offsetMs < first);
    const after = this.#seen.filter((one) => !one.refused && !one.hit && one.offsetMs > last);
    const fromMs = Math.min(first, Math.max(low, ...before.map((one) => one.offsetMs)));
    const toMs = Math.min(this.#reachMs, ...after.map((one) => one.offsetMs));
    return { fromMs: rounded(fromMs), toMs: rounded(toMs), widthMs: rounded(toMs - fromMs) };
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
