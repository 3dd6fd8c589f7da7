import type { Budget } from "../budget.ts";
import type { History, Operation } from "../history.ts";
import type { Model } from "../model.ts";
import { isAnswered } from "../search/partition.ts";
import { decideNow, type Finding } from "../verdict.ts";
import { alike } from "./alike.ts";

/** A racy part, made smaller. */
export interface Shrunk<I, O> {
  readonly operations: History<I, O>;
  readonly omitted: readonly string[];
  readonly minimal: boolean;
  readonly checks: number;
  readonly because: string | undefined;
}

/** A smaller history that takes this much longer to decide than its predecessors is not worth it. */
const CONFIGS_PER_CHECK = 20_000;

/**
 * Makes a racy history (one partition) smaller by sound moves only. Deleting operations at will is not
 * sound: without the writer of a value its reader is wrong, in any history. These moves keep every legal
 * order legal, so a race after them is a race before them:
 * - the shortest prefix: what had not returned by then is pending;
 * - leaving out a pure operation;
 * - relaxing any other to "may take effect or not, answer unknown".
 */
export class Shrinker<S, I, O> {
  readonly #model: Model<S, I, O>;
  readonly #budget: Budget;
  readonly #needed = new Set<string>();
  #checks = 0;
  #cut = false;
  #because: string | undefined;

  constructor(model: Model<S, I, O>, budget: Budget, because: string | undefined) {
    this.#model = model;
    this.#budget = budget;
    this.#because = because;
  }

  shrink(part: History<I, O>): Shrunk<I, O> {
    let operations = this.#shortestPrefix(part);
    let minimal = false;
    // A move that failed may succeed after others did: until a whole round changes nothing.
    for (;;) {
      this.#cut = false;
      const before = operations;
      operations = this.#shortestPrefix(operations);
      operations = this.#each(operations, (operation) => this.#isPure(operation), drop);
      operations = this.#each(operations, isAnswered, relax);
      minimal = operations === before && !this.#cut;
      if (operations === before || this.#budget.spent()) break;
    }
    const { kept, omitted } = minimal ? this.#omit(operations) : { kept: operations, omitted: [] };
    return { operations: kept, omitted, minimal, checks: this.#checks, because: this.#because };
  }

  /** Only a proven race counts; a check that ran out of budget leaves things as they were. */
  #isRace(operations: History<I, O>): boolean {
    if (this.#budget.spent()) {
      this.#cut = true;
      return false;
    }
    const finding = this.#decide(operations);
    if (finding.verdict === "unknown") this.#cut = true;
    if (finding.verdict === "race") this.#because = finding.because;
    return finding.verdict === "race";
  }

  #decide(operations: History<I, O>): Finding<I, O> {
    this.#checks++;
    const own = this.#budget.part(CONFIGS_PER_CHECK);
    const finding = decideNow(this.#model, operations, own);
    this.#budget.configs += own.configs;
    return finding;
  }

  /** Prefixes of a linearizable history are linearizable, so the shortest racy one is found by halving. */
  #shortestPrefix(operations: History<I, O>): History<I, O> {
    const ends = operations.filter(isAnswered).map((operation) => operation.return!);
    const times = [...new Set(ends)].sort((a, b) => a - b);
    let [low, high] = [0, times.length - 1];
    let best = operations;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const shorter = prefix(operations, times[middle]!);
      if (this.#isRace(shorter)) {
        best = shorter;
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (best === operations) {
      // Even with every return inside, what was invoked after the last one tells nothing.
      const trimmed = times.length === 0 ? operations : prefix(operations, times.at(-1)!);
      if (trimmed.length < operations.length && this.#isRace(trimmed)) return trimmed;
    }
    return best;
  }

  /**
   * Tries a move on runs of operations, longer ones after a success and shorter ones after a failure.
   * What fails alone is needed for good: every other move only allows more orders, never fewer.
   */
  #each(
    operations: History<I, O>,
    candidate: (operation: Operation<I, O>) => boolean,
    move: (operations: History<I, O>, ids: ReadonlySet<string>) => History<I, O>,
  ): History<I, O> {
    let current = operations;
    const ids = operations
      .filter((each) => !this.#needed.has(each.id) && candidate(each))
      .map(({ id }) => id);
    let size = Math.max(1, ids.length >>> 1);
    for (let from = 0; from < ids.length; ) {
      const run = ids.slice(from, from + size);
      const smaller = move(current, new Set(run));
      const wasCut = this.#cut;
      this.#cut = false;
      if (this.#isRace(smaller)) {
        current = smaller;
        from += run.length;
        size *= 2;
      } else if (run.length > 1) {
        size = run.length >>> 1;
      } else {
        if (!this.#cut) this.#need(current, run[0]!);
        do from++;
        while (from < ids.length && this.#needed.has(ids[from]!));
        size = 1;
      }
      this.#cut ||= wasCut;
    }
    return current;
  }

  #need(operations: History<I, O>, id: string): void {
    const names = alike(operations);
    const name = names.get(id);
    for (const [other, its] of names) if (its === name) this.#needed.add(other);
  }

  /** Leaves out, for the eye only, optional operations without which the core is as small as with them. */
  #omit(operations: History<I, O>): { kept: History<I, O>; omitted: string[] } {
    const core = operations.filter(isAnswered);
    let kept = operations;
    const omitted: string[] = [];
    const needsAll = (candidate: History<I, O>) => {
      const names = alike(candidate);
      const one = new Map(core.map((each) => [names.get(each.id), each]));
      return [...one.values()].every(({ id }) => {
        const without = (this.#isPureId(candidate, id) ? drop : relax)(candidate, new Set([id]));
        return this.#isLinearizable(without);
      });
    };
    const optional = operations.filter((operation) => !isAnswered(operation)).map(({ id }) => id);
    let groups = optional.length > 0 ? [optional] : [];
    while (groups.length > 0) {
      const next: string[][] = [];
      for (const group of groups) {
        if (this.#budget.spent()) return { kept, omitted };
        const without = drop(kept, new Set(group));
        if (needsAll(without)) {
          kept = without;
          omitted.push(...group);
        } else if (group.length > 1) {
          const half = group.length >>> 1;
          next.push(group.slice(0, half), group.slice(half));
        }
      }
      groups = next;
    }
    return { kept, omitted };
  }

  #isLinearizable(operations: History<I, O>): boolean {
    if (this.#budget.spent()) return false;
    return this.#decide(operations).verdict === "linearizable";
  }

  #isPureId(operations: History<I, O>, id: string): boolean {
    const operation = operations.find((each) => each.id === id);
    return operation !== undefined && this.#isPure(operation);
  }

  #isPure({ input, outcome, output }: Operation<I, O>): boolean {
    return outcome !== "unknown" && this.#model.pure(input, { outcome, output });
  }
}

/** What was seen up to and including `time`. */
function prefix<I, O>(operations: History<I, O>, time: number): History<I, O> {
  return operations
    .filter((operation) => operation.invoke <= time)
    .map((operation) => (isAnswered(operation) && operation.return! > time ? pending(operation) : operation));
}

function drop<I, O>(operations: History<I, O>, ids: ReadonlySet<string>): History<I, O> {
  return operations.filter((operation) => !ids.has(operation.id));
}

function relax<I, O>(operations: History<I, O>, ids: ReadonlySet<string>): History<I, O> {
  return operations.map((operation) => (ids.has(operation.id) ? pending(operation) : operation));
}

function pending<I, O>({ id, process, invoke, input }: Operation<I, O>): Operation<I, O> {
  return { id, process, invoke, input, outcome: "unknown" };
}
