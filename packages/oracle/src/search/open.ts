import type { Partition } from "./partition.ts";

/**
 * The answered operations not placed yet: linked lists in invoke order (one of pure operations, one of
 * the others) and, per class, in return order. Taking out and putting back are O(1) as long as they
 * nest, as they do in a depth-first search (Knuth's dancing links).
 */
export class Open {
  left: number;
  /** The unplaced operation with the earliest return; all before it are placed. */
  frontier = 0;
  /** Slots of the operations placed beyond the frontier. */
  readonly set: Int32Array;
  readonly #partition: Partition<unknown, unknown>;
  readonly #placed: Uint8Array;
  /** Frontier before each placement. */
  readonly #frontiers: number[] = [];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #classNext: Int32Array;
  readonly #classPrevious: Int32Array;
  readonly #pureHead: number;
  readonly #changeHead: number;

  constructor(partition: Partition<unknown, unknown>) {
    const { classOf, classes, byInvoke, slotCount } = partition;
    const count = classOf.length;
    this.#partition = partition;
    this.left = count;
    this.set = new Int32Array(Math.ceil(slotCount / 32));
    this.#placed = new Uint8Array(count);
    this.#pureHead = count;
    this.#changeHead = count + 1;
    // One slot more than the heads, so that links to "none" (-1) need no test: they are written there.
    this.#next = new Int32Array(count + 2).fill(-1);
    this.#previous = new Int32Array(count + 2).fill(-1);
    const tails = [this.#pureHead, this.#changeHead];
    for (const operation of byInvoke) {
      const list = classes[classOf[operation]!]!.pure ? 0 : 1;
      this.#next[tails[list]!] = operation;
      this.#previous[operation] = tails[list]!;
      tails[list] = operation;
    }
    this.#classNext = new Int32Array(count).fill(-1);
    this.#classPrevious = new Int32Array(count).fill(-1);
    const last = new Int32Array(classes.length).fill(-1);
    for (let operation = 0; operation < count; operation++) {
      const before = last[classOf[operation]!]!;
      this.#classPrevious[operation] = before;
      if (before !== -1) this.#classNext[before] = operation;
      last[classOf[operation]!] = operation;
    }
  }

  /** The earliest return not placed: whatever was invoked by then may come next. */
  horizon(): number {
    return this.left === 0 ? Number.POSITIVE_INFINITY : this.#partition.returns[this.frontier]!;
  }

  firstPure(): number {
    return this.#next[this.#pureHead]!;
  }

  firstChange(): number {
    return this.#next[this.#changeHead]!;
  }

  /** The next one by invoke; works for an operation just placed, too. */
  after(operation: number): number {
    return this.#next[operation]!;
  }

  /** Whether no operation of the same class returns earlier and could come next as well. */
  isFirstOfClass(operation: number, horizon: number): boolean {
    const { invokes } = this.#partition;
    for (let at = this.#classPrevious[operation]!; at !== -1; at = this.#classPrevious[at]!) {
      if (invokes[at]! <= horizon) return false;
    }
    return true;
  }

  place(operation: number): void {
    this.#unlink(operation);
    this.#placed[operation] = 1;
    this.left--;
    this.#flip(operation);
    this.#frontiers.push(this.frontier);
    while (this.frontier < this.#placed.length && this.#placed[this.frontier] === 1)
      this.#flip(this.frontier++);
  }

  takeBack(operation: number): void {
    const frontier = this.#frontiers.pop()!;
    while (this.frontier > frontier) this.#flip(--this.frontier);
    this.#flip(operation);
    this.left++;
    this.#placed[operation] = 0;
    this.#link(operation);
  }

  #flip(operation: number): void {
    const slot = this.#partition.slots[operation]!;
    this.set[slot >>> 5]! ^= 1 << (slot & 31);
  }

  #unlink(operation: number): void {
    const next = this.#next[operation]!;
    const previous = this.#previous[operation]!;
    this.#next[previous] = next;
    if (next !== -1) this.#previous[next] = previous;
    const classNext = this.#classNext[operation]!;
    const classPrevious = this.#classPrevious[operation]!;
    if (classPrevious !== -1) this.#classNext[classPrevious] = classNext;
    if (classNext !== -1) this.#classPrevious[classNext] = classPrevious;
  }

  #link(operation: number): void {
    const next = this.#next[operation]!;
    this.#next[this.#previous[operation]!] = operation;
    if (next !== -1) this.#previous[next] = operation;
    const classNext = this.#classNext[operation]!;
    const classPrevious = this.#classPrevious[operation]!;
    if (classPrevious !== -1) this.#classNext[classPrevious] = operation;
    if (classNext !== -1) this.#classPrevious[classNext] = operation;
  }
}
