/** Above this many bits of work per question, only bounds and divisibility are looked at. */
const MOST_BITS = 4_000_000;

/**
 * Whether `target` may be the sum of some of `items`. May say true wrongly (where the question is too
 * large), never false.
 */
export function maybeSubsetSum(target: number, items: readonly number[]): boolean {
  let low = 0;
  let high = 0;
  let divisor = 0;
  const counts = new Map<number, number>();
  for (const item of items) {
    if (item === 0) continue;
    if (item < 0) low += item;
    else high += item;
    divisor = gcd(divisor, Math.abs(item));
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  if (target < low || target > high) return false;
  if (target === 0) return true;
  if (divisor === 0 || target % divisor !== 0) return false;
  // Taking a negative item is the same as not taking its absolute value, from `low` up.
  const wanted = (target - low) / divisor;
  const width = (high - low) / divisor;
  if (counts.size === 1) return true;
  if (width * counts.size * 8 > MOST_BITS * 64) return true;
  let sums = 1n;
  for (const [item, count] of counts) {
    // 1, 2, 4, … and the rest: every number of equal items up to `count`.
    for (let left = count, step = 1; left > 0; step *= 2) {
      const taken = Math.min(step, left);
      sums |= sums << BigInt((taken * Math.abs(item)) / divisor);
      left -= taken;
    }
  }
  return ((sums >> BigInt(wanted)) & 1n) === 1n;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
