/** With more than that, a list is slower to look through than a map, and no smaller. */
const MOST = 6;

/**
 * A map of a few, in one list: V8's own takes as much room for one entry as this one for four, and of those that are kept
 * nearly all have but a few.
 */
export class SmallMap<K, V> implements ReadonlyMap<K, V> {
  /** A key, its value, the next key, … */
  readonly #pairs: readonly (K | V)[];

  private constructor(pairs: readonly (K | V)[]) {
    this.#pairs = pairs;
  }

  /** The same as `map`, as small as may be. */
  static from<K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
    if (map instanceof SmallMap || map.size > MOST) return map;
    if (map.size === 0) return SmallMap.empty;
    const pairs: (K | V)[] = new Array(2 * map.size);
    let at = 0;
    for (const [key, value] of map) {
      pairs[at++] = key;
      pairs[at++] = value;
    }
    return new SmallMap<K, V>(pairs);
  }

  /** `map` with one more in it; one that is large already is added to. */
  static with<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
    if (!(map instanceof SmallMap)) return (map as Map<K, V>).set(key, value);
    const pairs = (map as SmallMap<K, V>).#pairs;
    const at = (map as SmallMap<K, V>).placeOf(key);
    if (at >= 0) return new SmallMap<K, V>(pairs.with(at + 1, value));
    if (map.size === MOST) return new Map<K, V>(map).set(key, value);
    // Not by a spread list: that has room for more.
    return new SmallMap<K, V>(pairs.concat([key, value]));
  }

  static readonly empty: ReadonlyMap<never, never> = new SmallMap<never, never>([]);

  private placeOf(key: K): number {
    const pairs = this.#pairs;
    for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === key) return at;
    return -1;
  }

  get size(): number {
    return this.#pairs.length / 2;
  }

  has(key: K): boolean {
    return this.placeOf(key) >= 0;
  }

  get(key: K): V | undefined {
    const at = this.placeOf(key);
    return at < 0 ? undefined : (this.#pairs[at + 1] as V);
  }

  forEach(each: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) each(value, key, this);
  }

  // Lists and not generators: those take several times as long, and each is of a few.
  entries(): MapIterator<[K, V]> {
    const pairs = this.#pairs;
    const entries: [K, V][] = [];
    for (let at = 0; at < pairs.length; at += 2) entries.push([pairs[at] as K, pairs[at + 1] as V]);
    return entries.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  keys(): MapIterator<K> {
    return (this.#pairs.filter((_, at) => at % 2 === 0) as K[]).values();
  }

  values(): MapIterator<V> {
    return (this.#pairs.filter((_, at) => at % 2 === 1) as V[]).values();
  }
}
