import type { Lock, Step, Transaction } from "./effect.ts";

const NONE: readonly never[] = [];

/** Branches, transactions and locks of a called function, each call's its own. */
export class Renaming {
  readonly #fresh: () => number;
  readonly #txns = new Map<Transaction, Transaction>();
  readonly #locks = new Map<Lock, Lock>();
  readonly #branches = new Map<number, number>();

  constructor(fresh: () => number) {
    this.#fresh = fresh;
  }

  steps(steps: readonly Step[]): readonly Step[] {
    return steps.length === 0
      ? NONE
      : steps.map((step) => ({ branch: this.branch(step.branch), arm: step.arm }));
  }

  branch(branch: number): number {
    return mapped(this.#branches, branch, this.#fresh);
  }

  txns(txns: readonly Transaction[]): readonly Transaction[] {
    return txns.length === 0
      ? NONE
      : txns.map((txn) => mapped(this.#txns, txn, () => ({ ...txn, id: this.#fresh() })));
  }

  locks(locks: readonly Lock[]): readonly Lock[] {
    return locks.length === 0
      ? NONE
      : locks.map((lock) => mapped(this.#locks, lock, () => ({ ...lock, id: this.#fresh() })));
  }
}

function mapped<T>(known: Map<T, T>, one: T, make: () => T): T {
  const found = known.get(one);
  if (found !== undefined) return found;
  const made = make();
  known.set(one, made);
  return made;
}
