import { OracleError } from "../errors.ts";
import type { Model } from "../model.ts";
import type { OperationClass } from "./partition.ts";

/** A step that cannot be taken. */
export const ILLEGAL = -1;

/** The first steps are all taken twice, later ones now and then: enough to notice a clock or a counter. */
const AUDIT_FIRST = 256;
const AUDIT_EVERY = 16;

/**
 * The model as a table: states become numbers (by `key`), and each step of a class in a state is asked
 * of the model once.
 */
export class Steps<S, I, O> {
  readonly states: S[] = [];
  readonly #keys = new Map<string | number, number>();
  readonly #known: PairTable;
  readonly #model: Model<S, I, O>;
  readonly #classes: readonly OperationClass<I, O>[];
  #asked = 0;

  constructor(model: Model<S, I, O>, classes: readonly OperationClass<I, O>[]) {
    this.#model = model;
    this.#classes = classes;
    this.#known = new PairTable(Math.max(1, classes.length));
    const example = classes[0]?.example;
    const init = this.#guard("init", example, () => model.init());
    this.#intern(init, example);
    const again = this.#guard("init", example, () => this.#model.key(model.init()));
    if (!this.#keys.has(again))
      this.#fail("model-nondeterministic", "init gave two different states", example);
  }

  /** The state after a class's step, or ILLEGAL. State 0 is the initial one. */
  next(state: number, classId: number): number {
    const known = this.#known.get(state, classId);
    if (known !== PairTable.ABSENT) return known;
    const answer = this.#ask(state, this.#classes[classId]!);
    this.#known.set(state, classId, answer);
    return answer;
  }

  #ask(state: number, of: OperationClass<I, O>): number {
    const model = this.#model;
    const before = this.states[state]!;
    const audited = this.#asked++ < AUDIT_FIRST || this.#asked % AUDIT_EVERY === 0;
    const after = this.#guard("step", of.example, () => model.step(before, of.input, of.response));
    const answer = after === undefined ? ILLEGAL : this.#intern(after, of.example);
    if (of.pure && answer !== ILLEGAL && answer !== state) {
      this.#fail("model-pure-wrong", "a step declared pure changed the state", of.example);
    }
    if (audited) {
      const key = this.#guard("key", of.example, () => model.key(before));
      if (this.#keys.get(key) !== state) {
        this.#fail("model-impure", "step changed the state it was given", of.example);
      }
      const second = this.#guard("step", of.example, () => model.step(before, of.input, of.response));
      if ((second === undefined ? ILLEGAL : this.#intern(second, of.example)) !== answer) {
        this.#fail(
          "model-nondeterministic",
          "step gave two results for one state, input and response",
          of.example,
        );
      }
    }
    return answer;
  }

  #intern(state: S, example: string | undefined): number {
    const key = this.#guard("key", example, () => this.#model.key(state));
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const id = this.states.length;
    this.states.push(state);
    this.#keys.set(key, id);
    return id;
  }

  #guard<T>(member: string, example: string | undefined, call: () => T): T {
    try {
      return call();
    } catch (cause) {
      if (cause instanceof OracleError) {
        throw new OracleError(cause.code, cause.message, { operation: example, cause });
      }
      const at = example === undefined ? "" : ` at operation ${example}`;
      throw new OracleError("model-threw", `${this.#model.name}.${member} threw${at}`, {
        operation: example,
        cause,
      });
    }
  }

  #fail(
    code: "model-nondeterministic" | "model-impure" | "model-pure-wrong",
    what: string,
    example: string | undefined,
  ): never {
    const at = example === undefined ? "" : ` at operation ${example}`;
    throw new OracleError(code, `${this.#model.name}: ${what}${at}`, { operation: example });
  }
}

/** (state, class) → number. A hash table: with many distinct operations a full matrix would not fit. */
class PairTable {
  static readonly ABSENT = -2;
  readonly #width: number;
  #mask = 63;
  #count = 0;
  #keys = new Float64Array(64).fill(-1);
  #values = new Int32Array(64);

  constructor(width: number) {
    this.#width = width;
  }

  get(state: number, classId: number): number {
    const key = state * this.#width + classId;
    let at = this.#slot(state, classId);
    for (;;) {
      const found = this.#keys[at]!;
      if (found === key) return this.#values[at]!;
      if (found === -1) return PairTable.ABSENT;
      at = (at + 1) & this.#mask;
    }
  }

  set(state: number, classId: number, value: number): void {
    if (this.#count * 2 > this.#mask) this.#grow();
    const key = state * this.#width + classId;
    let at = this.#slot(state, classId);
    while (this.#keys[at] !== -1) at = (at + 1) & this.#mask;
    this.#keys[at] = key;
    this.#values[at] = value;
    this.#count++;
  }

  #slot(state: number, classId: number): number {
    let hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(classId, 0x85ebca6b);
    hash ^= hash >>> 15;
    return hash & this.#mask;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#mask = this.#mask * 2 + 1;
    this.#keys = new Float64Array(this.#mask + 1).fill(-1);
    this.#values = new Int32Array(this.#mask + 1);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!;
      if (key === -1) continue;
      let at = this.#slot(Math.floor(key / this.#width), key % this.#width);
      while (this.#keys[at] !== -1) at = (at + 1) & this.#mask;
      this.#keys[at] = key;
      this.#values[at] = values[index]!;
    }
  }
}
