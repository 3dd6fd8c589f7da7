import type { Foresight } from "../model.ts";
import type { Partition } from "./partition.ts";

/** Beyond this many classes the table would cost more than it saves; see `Expiry.of`. */
const MOST_CLASSES = 256;

/**
 * Which states leave some unplaced answer without any chance, as a set of classes per state. Asked of
 * every node, also about operations that cannot come next yet: a counter beyond its final read need not
 * be tried with every order of the rest.
 */
export class Expiry<S, I, O> {
  readonly #partition: Partition<I, O>;
  readonly #expired: NonNullable<Foresight<S, I, O>["expired"]>;
  readonly #words: number;
  /** Unplaced operations per class, and the classes that have any. */
  readonly #left: Int32Array;
  readonly #open: Int32Array;
  /** Per state: 1 if the classes are known, and the expired ones. */
  #known: Int32Array;

  private constructor(partition: Partition<I, O>, expired: NonNullable<Foresight<S, I, O>["expired"]>) {
    this.#partition = partition;
    this.#expired = expired;
    this.#words = Math.ceil(partition.classes.length / 32);
    this.#left = new Int32Array(partition.classes.length);
    this.#open = new Int32Array(this.#words);
    this.#known = new Int32Array(64 * (this.#words + 1));
    for (const classId of partition.classOf) this.takeBack(classId);
  }

  /** `undefined` where there is nothing to know, or too much. */
  static of<S, I, O>(
    partition: Partition<I, O>,
    foresight: Foresight<S, I, O> | undefined,
  ): Expiry<S, I, O> | undefined {
    if (foresight?.expired === undefined || partition.classes.length > MOST_CLASSES) return undefined;
    return new Expiry<S, I, O>(partition, foresight.expired.bind(foresight));
  }

  place(classId: number): void {
    if (--this.#left[classId]! === 0) this.#open[classId >>> 5]! ^= 1 << (classId & 31);
  }

  takeBack(classId: number): void {
    if (this.#left[classId]!++ === 0) this.#open[classId >>> 5]! ^= 1 << (classId & 31);
  }

  /** Whether some unplaced answer is illegal in this state and all that follow. */
  isDead(id: number, state: S): boolean {
    const at = id * (this.#words + 1);
    while (at >= this.#known.length) {
      const longer = new Int32Array(this.#known.length * 2);
      longer.set(this.#known);
      this.#known = longer;
    }
    if (this.#known[at] === 0) this.#learn(at, state);
    for (let word = 0; word < this.#words; word++) {
      if ((this.#known[at + 1 + word]! & this.#open[word]!) !== 0) return true;
    }
    return false;
  }

  #learn(at: number, state: S): void {
    this.#known[at] = 1;
    for (const [classId, { input, response }] of this.#partition.classes.entries()) {
      if (response !== undefined && this.#expired(state, input, response)) {
        this.#known[at + 1 + (classId >>> 5)]! |= 1 << (classId & 31);
      }
    }
  }
}
