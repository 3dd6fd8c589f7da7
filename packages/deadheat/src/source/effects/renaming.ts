import { keepLeft, type Lock, type Step, type Transaction } from "./effect.ts";
import { uncommitted } from "./uncommitted.ts";
import type { Site } from "./values.ts";

const NONE: readonly never[] = [];

/** Branches, transactions and locks of a called function, each call's its own. */
export class Renaming {
  readonly #fresh: () => number;
  readonly #call: Site;
  readonly #isGivenBack: (lock: Lock) => boolean;
  readonly #txns = new Map<Transaction, Transaction>();
  readonly #locks = new Map<Lock, Lock>();
  readonly #branches = new Map<number, number>();
  readonly #steps = new Map<Step, Step>();

  /** `isGivenBack`: a lock that the called function has no more when it returns, in a transaction that goes on. */
  constructor(fresh: () => number, call: Site, isGivenBack: (lock: Lock) => boolean) {
    this.#fresh = fresh;
    this.#call = call;
    this.#isGivenBack = isGivenBack;
  }

  steps(steps: readonly Step[]): readonly Step[] {
    return steps.length === 0 ? NONE : steps.map((one) => mapped(this.#steps, one, () => this.renamed(one)));
  }

  private renamed(step: Step): Step {
    const renamed = { branch: this.branch(step.branch), arm: step.arm };
    keepLeft(step, renamed, this.#call);
    return renamed;
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
      : locks.map((lock) => mapped(this.#locks, lock, () => this.renamedLock(lock)));
  }

  private renamedLock(lock: Lock): Lock {
    return renamed(this.#isGivenBack(lock) ? uncommitted(lock) : lock, this.#fresh());
  }
}

/** (Of what its key is made, is said in the words of the function that takes it.) */
function renamed({ of: _, ...lock }: Lock, id: number): Lock {
  return { ...lock, id };
}

function mapped<T>(known: Map<T, T>, one: T, make: () => T): T {
  const found = known.get(one);
  if (found !== undefined) return found;
  const made = make();
  known.set(one, made);
  return made;
}

/**
 * Lists of a called function behind what holds where it is called. Most of its effects have the same ones: each is put
 * together once.
 */
export class Appended<T> {
  #before: readonly T[] = NONE;
  readonly #known = new Map<readonly T[], readonly T[]>();

  to(before: readonly T[], list: readonly T[], rename: (list: readonly T[]) => readonly T[]): readonly T[] {
    if (list.length === 0) return before;
    if (before !== this.#before) {
      this.#before = before;
      this.#known.clear();
    }
    return mapped(this.#known, list, () => {
      const renamed = rename(list);
      return before.length === 0 ? renamed : before.concat(renamed);
    });
  }
}
