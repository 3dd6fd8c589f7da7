/** A reproducible source of numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [low, high]. */
  integer(low: number, high: number): number;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough to choose amounts and orders. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, integer: (low, high) => low + Math.floor(next() * (high - low + 1)) };
}

/** The i-th element (from 0) of the van der Corput sequence in base 2: fills [0, 1) evenly at every length. */
export function vanDerCorput(index: number): number {
  let value = 0;
  let weight = 0.5;
  for (let rest = index + 1; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) value += weight;
    weight /= 2;
  }
  return value;
}
