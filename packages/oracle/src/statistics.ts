import { OracleError } from "./errors.ts";

/** A two-sided interval for a probability, both ends in [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval for `hits` of `trials`.
 *
 * @param confidence in (0, 1); default 0.95
 * @throws OracleError `bad-option` for counts that are none
 * @see Wilson 1927, JASA 22: 209–212; preferred by Brown, Cai, DasGupta 2001
 */
export function wilson(hits: number, trials: number, confidence = 0.95): Interval {
  requireCounts(hits, trials, confidence);
  const z = normalQuantile((1 + confidence) / 2);
  const rate = hits / trials;
  const spread = (z * z) / trials;
  const centre = rate + spread / 2;
  const half = z * Math.sqrt((rate * (1 - rate)) / trials + spread / (4 * trials));
  // At the ends the formula gives 0 and 1 up to rounding; say so exactly.
  return {
    low: hits === 0 ? 0 : Math.max(0, (centre - half) / (1 + spread)),
    high: hits === trials ? 1 : Math.min(1, (centre + half) / (1 + spread)),
  };
}

/**
 * The exact (conservative) interval of Clopper and Pearson: never covers less than promised.
 *
 * @param confidence in (0, 1); default 0.95
 * @throws OracleError `bad-option` for counts that are none
 * @see Clopper, Pearson 1934, Biometrika 26: 404–413
 */
export function clopperPearson(hits: number, trials: number, confidence = 0.95): Interval {
  requireCounts(hits, trials, confidence);
  const tail = (1 - confidence) / 2;
  // P(X ≥ hits) grows with p, P(X ≤ hits) falls: the ends are where each reaches the tail.
  return {
    low: hits === 0 ? 0 : bisect((p) => 1 - binomialAtMost(hits - 1, trials, p) < tail),
    high: hits === trials ? 1 : bisect((p) => binomialAtMost(hits, trials, p) > tail),
  };
}

/**
 * After `trials` trials without a hit: the rate that would have shown itself with 95 % probability,
 * 1 − 0.05^(1/n). Count only trials whose requests overlapped. 1 for no trials.
 *
 * @throws OracleError `bad-option` for a count that is none
 */
export function silenceBound(trials: number): number {
  if (!Number.isInteger(trials) || trials < 0) {
    throw new OracleError("bad-option", `${trials} is not a number of trials`);
  }
  return trials === 0 ? 1 : -Math.expm1(Math.log(0.05) / trials);
}

/**
 * The fewest silent trials after which `silenceBound` is at most `bound`.
 *
 * @param bound in (0, 1]
 * @throws OracleError `bad-option` outside of it
 */
export function trialsForBound(bound: number): number {
  if (!(bound > 0 && bound <= 1)) throw new OracleError("bad-option", `the bound ${bound} is not in (0, 1]`);
  if (bound === 1) return 0;
  let trials = Math.max(1, Math.floor(Math.log(0.05) / Math.log1p(-bound)) - 1);
  while (silenceBound(trials) > bound) trials++;
  return trials;
}

function requireCounts(hits: number, trials: number, confidence: number): void {
  if (!Number.isInteger(hits) || !Number.isInteger(trials) || trials < 1 || hits < 0 || hits > trials) {
    throw new OracleError("bad-option", `${hits} of ${trials} is not a rate`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new OracleError("bad-option", `the confidence ${confidence} is not in (0, 1)`);
  }
}

/** P(X ≤ k) for X binomial; summed from the larger terms' logarithms, so that it does not underflow. */
function binomialAtMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let logTerm = n * Math.log1p(-p);
  const ratio = Math.log(p) - Math.log1p(-p);
  const logs = [logTerm];
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + ratio;
    logs.push(logTerm);
  }
  const largest = logs.reduce((a, b) => Math.max(a, b));
  return Math.min(1, Math.exp(largest) * logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}

/** The p in (0, 1) up to which `below` holds. */
function bisect(below: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Inverse of the standard normal distribution function, by bisection on its series. */
function normalQuantile(probability: number): number {
  let [low, high] = [-10, 10];
  for (let round = 0; round < 80; round++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The standard normal distribution function, by the series of Marsaglia (2004, JSS 11:4). */
function normalBelow(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let [sum, term] = [x, x];
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.5 * Math.log(2 * Math.PI));
}
