import { Misremembered } from "./misremembered.ts";
import type { FunctionNumber, FunctionRecord, FunctionWords } from "./record.ts";
import type { Sections } from "./sections.ts";

// Where in a record: what it is, where its words are and how long, how many calls, texts looked at, effects taken.
const ACTING = 0;
const WORDS = 1;
const LENGTH = 2;
const CALLS = 3;
const READS = 4;
const TAKEN = 5;
const HEAD = 6;
/** The function, whether it was answered, the place. */
const CALL = 5;

/**
 * Records of functions as numbers in a row, so that a run that changes few of them need not make objects of the others.
 * What is written anew is written behind; what was there before stays, until it is half of all.
 */
export class FunctionRecords {
  /** Where each function's record is; negative for those that nobody asked for. */
  readonly #at: Int32Array;
  #ints: Int32Array;
  #size: number;
  #dead: number;
  readonly #words: Buffer;
  /** Words that are not written yet. */
  readonly #pending = new Map<FunctionNumber, FunctionWords>();

  constructor(functions: number, kept?: Sections) {
    if (!kept) {
      this.#at = new Int32Array(functions).fill(-1);
      this.#ints = new Int32Array(1024);
      this.#size = 0;
      this.#dead = 0;
      this.#words = Buffer.alloc(0);
      return;
    }
    const at = kept.ints("at");
    this.#dead = at.at(-1) ?? 0;
    this.#at = at.subarray(0, -1);
    this.#ints = kept.ints("records");
    this.#size = this.#ints.length;
    this.#words = kept.bytes("words");
    if (this.#at.length !== functions) throw new Misremembered();
  }

  has(fn: FunctionNumber): boolean {
    return this.at(fn) >= 0;
  }

  isActing(fn: FunctionNumber): boolean {
    return this.#ints[this.at(fn) + ACTING] === 1;
  }

  hasWords(fn: FunctionNumber): boolean {
    const at = this.at(fn);
    return at >= 0 && (this.#pending.has(fn) || (this.#ints[at + LENGTH] as number) > 0);
  }

  words(fn: FunctionNumber): FunctionWords | undefined {
    const pending = this.#pending.get(fn);
    if (pending) return pending;
    const at = this.at(fn);
    const from = this.#ints[at + WORDS] as number;
    const length = this.#ints[at + LENGTH] as number;
    if (length === 0) return undefined;
    return JSON.parse(this.#words.toString("utf8", from, from + length)) as FunctionWords;
  }

  readsOf(fn: FunctionNumber): Int32Array {
    const at = this.at(fn);
    const from = at + HEAD + CALL * this.count(at, CALLS);
    return this.#ints.subarray(from, from + this.count(at, READS));
  }

  /** Pairs of a function and the number of an effect in its sequence. */
  takenBy(fn: FunctionNumber): Int32Array {
    const at = this.at(fn);
    const from = at + HEAD + CALL * this.count(at, CALLS) + this.count(at, READS);
    return this.#ints.subarray(from, from + 2 * this.count(at, TAKEN));
  }

  callsOf(fn: FunctionNumber): CallList {
    const at = this.at(fn);
    return new CallList(this.#ints, at + HEAD, this.count(at, CALLS));
  }

  set(fn: FunctionNumber, record: FunctionRecord): void {
    const old = this.at(fn);
    if (old >= 0) this.#dead += this.sizeAt(old);
    const { calls, reads, taken, words } = record;
    const size = HEAD + CALL * calls.length + reads.length + 2 * taken.length;
    this.makeRoom(size);
    const ints = this.#ints;
    let at = this.#size;
    this.#at[fn] = at;
    this.#size += size;
    ints[at++] = record.acting ? 1 : 0;
    ints[at++] = 0;
    ints[at++] = 0;
    ints[at++] = calls.length;
    ints[at++] = reads.length;
    ints[at++] = taken.length;
    for (const { fn: called, answered, site } of calls) {
      ints[at++] = called;
      ints[at++] = answered ? 1 : 0;
      for (const one of site) ints[at++] = one;
    }
    for (const one of reads) ints[at++] = one;
    for (const [of, seq] of taken) {
      ints[at++] = of;
      ints[at++] = seq;
    }
    this.#pending.delete(fn);
    if (words) this.#pending.set(fn, words);
  }

  setWords(fn: FunctionNumber, words: FunctionWords): void {
    this.#pending.set(fn, words);
  }

  /** For the next run. `isKnown`: functions of which something is known; records of others are left behind. */
  sections(isKnown: (fn: FunctionNumber) => boolean): Readonly<Record<string, unknown>> {
    for (let fn = 0; fn < this.#at.length; fn++)
      if ((this.#at[fn] as number) >= 0 && !isKnown(fn)) {
        this.#dead += this.sizeAt(this.#at[fn] as number);
        this.#at[fn] = -1;
      }
    return this.isHalfDead() ? this.rewritten() : this.appended();
  }

  private isHalfDead(): boolean {
    let words = 0;
    for (const [fn, at] of this.#at.entries())
      if (at >= 0 && !this.#pending.has(fn)) words += this.#ints[at + LENGTH] as number;
    return 2 * this.#dead > this.#size || 2 * words < this.#words.length;
  }

  private appended() {
    const parts: Buffer[] = [this.#words];
    let end = this.#words.length;
    for (const [fn, words] of this.#pending) end += this.append(fn, words, parts, end);
    return this.written(parts);
  }

  private rewritten() {
    const from = this.#ints;
    this.#ints = new Int32Array(this.#size);
    this.#size = 0;
    this.#dead = 0;
    const parts: Buffer[] = [];
    let end = 0;
    for (let fn = 0; fn < this.#at.length; fn++) {
      const at = this.#at[fn] as number;
      if (at < 0) continue;
      const size = HEAD + CALL * from[at + CALLS]! + from[at + READS]! + 2 * from[at + TAKEN]!;
      this.#ints.set(from.subarray(at, at + size), this.#size);
      this.#at[fn] = this.#size;
      this.#size += size;
      const pending = this.#pending.get(fn);
      if (pending) end += this.append(fn, pending, parts, end);
      else {
        const words = this.#words.subarray(from[at + WORDS]!, from[at + WORDS]! + from[at + LENGTH]!);
        this.#ints[(this.#at[fn] as number) + WORDS] = end;
        parts.push(words);
        end += words.length;
      }
    }
    return this.written(parts);
  }

  private append(fn: FunctionNumber, words: FunctionWords, parts: Buffer[], end: number): number {
    const bytes = Buffer.from(JSON.stringify(words));
    const at = this.at(fn);
    this.#ints[at + WORDS] = end;
    this.#ints[at + LENGTH] = bytes.length;
    parts.push(bytes);
    return bytes.length;
  }

  private written(parts: readonly Buffer[]) {
    const at = new Int32Array(this.#at.length + 1);
    at.set(this.#at);
    at[this.#at.length] = this.#dead;
    return { at, records: this.#ints.subarray(0, this.#size), words: Buffer.concat(parts) };
  }

  private at(fn: FunctionNumber): number {
    const found = this.#at[fn];
    if (found === undefined || (found >= 0 && found > this.#size - HEAD)) throw new Misremembered();
    return found;
  }

  private count(at: number, what: number): number {
    const found = this.#ints[at + what];
    if (found === undefined || found < 0 || found > this.#size) throw new Misremembered();
    return found;
  }

  private sizeAt(at: number): number {
    return HEAD + CALL * this.count(at, CALLS) + this.count(at, READS) + 2 * this.count(at, TAKEN);
  }

  private makeRoom(size: number): void {
    if (this.#size + size <= this.#ints.length) return;
    const larger = new Int32Array(2 * (this.#size + size));
    larger.set(this.#ints.subarray(0, this.#size));
    this.#ints = larger;
  }
}

/** What one function called, one after the other. */
export class CallList {
  readonly #ints: Int32Array;
  readonly #from: number;
  readonly length: number;

  constructor(ints: Int32Array, from: number, length: number) {
    this.#ints = ints;
    this.#from = from;
    this.length = length;
  }

  fn(index: number): FunctionNumber {
    return this.part(index, 0);
  }

  answered(index: number): boolean {
    return this.part(index, 1) === 1;
  }

  /** 0: the function, 1 and 2: start and end from its start on. */
  place(index: number, part: 0 | 1 | 2): number {
    return this.part(index, 2 + part);
  }

  private part(index: number, part: number): number {
    const found = this.#ints[this.#from + CALL * index + part];
    if (found === undefined) throw new Misremembered();
    return found;
  }
}
