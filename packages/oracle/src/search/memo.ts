/**
 * The configurations already visited: (first unplaced return, state, placed set beyond it) → the
 * counts of pending operations used to get there.
 *
 * A configuration that used no more of any pending class than this one can do all that this one can:
 * it dominates. So each entry keeps only vectors none of which dominates another. Sets are compared
 * in full, never by hash alone: a collision would hide a legal order, which is a false race.
 */
export class Memo {
  readonly #words: number;
  readonly #width: number;
  readonly #counts: number;
  readonly #stride: number;
  #mask = 255;
  #size = 0;
  /** Index + 1 of the entry of each bucket. */
  #buckets = new Int32Array(256);
  /** Per entry: frontier, state, set words, and head of its vectors. */
  #entries: Int32Array;
  /** Per vector: next vector + 1, counts. */
  #vectors: Int32Array;
  #vectorCount = 0;

  constructor(words: number, counts: number) {
    this.#words = words;
    this.#counts = counts;
    this.#width = words + 3;
    this.#stride = counts + 1;
    this.#entries = new Int32Array(64 * this.#width);
    this.#vectors = new Int32Array(counts === 0 ? 0 : 64 * this.#stride);
  }

  /** False where an equal or better configuration was visited before; else remembers this one. */
  visit(frontier: number, state: number, set: Int32Array, used: Int32Array): boolean {
    let bucket = this.#hash(frontier, state, set, 0) & this.#mask;
    for (;;) {
      const entry = this.#buckets[bucket]! - 1;
      if (entry === -1) break;
      if (this.#same(entry * this.#width, frontier, state, set)) {
        return this.#counts === 0 ? false : this.#improve(entry * this.#width + this.#width - 1, used);
      }
      bucket = (bucket + 1) & this.#mask;
    }
    this.#insert(bucket, frontier, state, set, used);
    return true;
  }

  #same(at: number, frontier: number, state: number, set: Int32Array): boolean {
    const entries = this.#entries;
    if (entries[at] !== frontier || entries[at + 1] !== state) return false;
    for (let word = 0; word < this.#words; word++) if (entries[at + 2 + word] !== set[word]) return false;
    return true;
  }

  #improve(headAt: number, used: Int32Array): boolean {
    const vectors = this.#vectors;
    const counts = this.#counts;
    let link = -1;
    for (let vector = this.#entries[headAt]! - 1; vector !== -1; ) {
      const at = vector * this.#stride;
      let less = false;
      let more = false;
      for (let index = 0; index < counts; index++) {
        const difference = used[index]! - vectors[at + 1 + index]!;
        if (difference < 0) less = true;
        else if (difference > 0) more = true;
        if (less && more) break;
      }
      const next = vectors[at]! - 1;
      if (!less) return false;
      if (!more) {
        // The new one dominates this one: take it out of the list.
        if (link === -1) this.#entries[headAt] = next + 1;
        else vectors[link] = next + 1;
      } else {
        link = at;
      }
      vector = next;
    }
    const head = this.#entries[headAt]!;
    this.#entries[headAt] = this.#vector(head, used) + 1;
    return true;
  }

  #vector(next: number, used: Int32Array): number {
    const at = this.#vectorCount * this.#stride;
    if (at + this.#stride > this.#vectors.length) this.#vectors = doubled(this.#vectors);
    this.#vectors[at] = next;
    this.#vectors.set(used, at + 1);
    return this.#vectorCount++;
  }

  #insert(bucket: number, frontier: number, state: number, set: Int32Array, used: Int32Array): void {
    const at = this.#size * this.#width;
    if (at + this.#width > this.#entries.length) this.#entries = doubled(this.#entries);
    const entries = this.#entries;
    entries[at] = frontier;
    entries[at + 1] = state;
    for (let word = 0; word < this.#words; word++) entries[at + 2 + word] = set[word]!;
    entries[at + this.#width - 1] = this.#counts === 0 ? 0 : this.#vector(0, used) + 1;
    this.#buckets[bucket] = ++this.#size;
    if (this.#size * 2 > this.#mask) this.#rehash();
  }

  #hash(frontier: number, state: number, set: Int32Array, offset: number): number {
    let hash = Math.imul(frontier, 0x9e3779b1) ^ Math.imul(state + 1, 0x85ebca6b);
    for (let word = 0; word < this.#words; word++) {
      hash = Math.imul(hash ^ (hash >>> 15) ^ set[offset + word]!, 0xc2b2ae35);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f);
    return hash ^ (hash >>> 13);
  }

  #rehash(): void {
    this.#mask = this.#mask * 2 + 1;
    this.#buckets = new Int32Array(this.#mask + 1);
    const entries = this.#entries;
    for (let entry = 0; entry < this.#size; entry++) {
      const at = entry * this.#width;
      let bucket = this.#hash(entries[at]!, entries[at + 1]!, entries, at + 2) & this.#mask;
      while (this.#buckets[bucket] !== 0) bucket = (bucket + 1) & this.#mask;
      this.#buckets[bucket] = entry + 1;
    }
  }
}

function doubled(from: Int32Array): Int32Array {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
