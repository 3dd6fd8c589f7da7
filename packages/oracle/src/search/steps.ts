import { OracleError } from "../errors.ts";
import type { Foresight, Model } from "../model.ts";
import type { OperationClass } from "./partition.ts";

/** A step that cannot be taken. All that is below zero cannot. */
export const ILLEGAL = -1;
/** A step that cannot be taken here or in any later state. */
export const EXPIRED = -3;

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
  readonly #foresight: Foresight<S, I, O> | undefined;
  #asked = 0;

  constructor(
    model: Model<S, I, O>,
    classes: readonly OperationClass<I, O>[],
    foresight: Foresight<S, I, O> | undefined,
  ) {
    this.#foresight = foresight;
    this.#model = model;
    this.#classes = classes;
    this.#known = new PairTable(Math.max(1, classes.length));
    const example = classes[0]?.example;
    try {
      const init = model.init();
      this.#intern(init, model.key(init));
      if (!this.#keys.has(model.key(model.init()))) {
        this.#fail("model-nondeterministic", "init gave two different states", example);
      }
    } catch (cause) {
      this.#rethrow("init", example, cause);
    }
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
    let answer = ILLEGAL;
    // One try for all: closures would cost more than the steps of a small model.
    try {
      const after = model.step(before, of.input, of.response);
      if (after === undefined) {
        if (of.response !== undefined && this.#foresight?.expired?.(before, of.input, of.response))
          answer = EXPIRED;
      } else if (this.#foresight?.leads?.(after) ?? true) {
        answer = this.#intern(after, model.key(after));
      }
      if (this.#asked++ < AUDIT_FIRST || this.#asked % AUDIT_EVERY === 0) this.#audit(state, of, answer);
    } catch (cause) {
      this.#rethrow("step", of.example, cause);
    }
    if (of.pure && answer >= 0 && answer !== state) {
      this.#fail("model-pure-wrong", "a step declared pure changed the state", of.example);
    }
    return answer;
  }

  #audit(state: number, of: OperationClass<I, O>, answer: number): void {
    const model = this.#model;
    const before = this.states[state]!;
    if (this.#keys.get(model.key(before)) !== state) {
      this.#fail("model-impure", "step changed the state it was given", of.example);
    }
    const again = model.step(before, of.input, of.response);
    const isIllegal = again === undefined || this.#foresight?.leads?.(again) === false;
    if ((isIllegal ? ILLEGAL : this.#intern(again, model.key(again))) !== Math.max(answer, ILLEGAL)) {
      this.#fail(
        "model-nondeterministic",
        "step gave two results for one state, input and response",
        of.example,
      );
    }
  }

  #intern(state: S, key: string | number): number {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const id = this.states.length;
    this.states.push(state);
    this.#keys.set(key, id);
    return id;
  }

  #rethrow(member: string, example: string | undefined, cause: unknown): never {
    if (cause instanceof OracleError) {
      if (cause.operation !== undefined) throw cause;
      throw new OracleError(cause.code, cause.message, { operation: example, cause });
    }
    const at = example === undefined ? "" : ` at operation ${example}`;
    throw new OracleError("model-threw", `${this.#model.name}.${member} threw${at}`, {
      operation: example,
      cause,
    });
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
