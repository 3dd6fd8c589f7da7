import type { Budget } from "../budget.ts";
import type { Foresight, Model } from "../model.ts";
import { Expiry } from "./expiry.ts";
import { Memo } from "./memo.ts";
import { Open } from "./open.ts";
import type { Partition } from "./partition.ts";
import { EXPIRED, Steps } from "./steps.ts";

/** Answered operations are numbers ≥ 0; the k-th class of pending ones is ~k. */
type Move = number;

/** How far the longest legal order got: it names the operation that cannot follow. */
export interface Deepest {
  readonly order: readonly string[];
  readonly placed: number;
}

const CLOCK_EVERY = 64;
const NODE = 3;
/** With more moves than this, or pure operations, sorting would cost more than it saves. */
const MOST_SORTED = 48;

/**
 * Wing and Gong's search with Lowe's memo, over one partition, and resumable so that partitions can
 * share time.
 *
 * A node is a set of placed operations with the state they lead to. What may come next is whatever was
 * invoked by the earliest return not placed yet. Reductions, each with its reason:
 * - a pure operation that is legal is placed at once: placing it later can only be harder;
 * - of operations with one input and one answer, the earliest return goes first: any order that says
 *   otherwise stays legal with the two swapped;
 * - pending operations are counted per input, not named, and one that changes nothing is not used;
 * - nor is one used while an answered operation with the same input could make the same step: in an
 *   order that did, the two can be swapped (this needs the model's promise that the step for an unknown
 *   answer is the step for any legal answer).
 */
export class Search<S, I, O> {
  readonly partition: Partition<I, O>;
  readonly steps: Steps<S, I, O>;
  deepest: Deepest = { order: [], placed: -1 };
  readonly #open: Open;
  readonly #expiry: Expiry<S, I, O> | undefined;
  readonly #memo: Memo;
  readonly #used: Int32Array;
  readonly #trail: Move[] = [];
  /** Moves to try, of all nodes on the path, and the states they lead to. */
  readonly #moves: Move[] = [];
  readonly #targets: number[] = [];
  /** Per node on the path: trail height before its move, first move, next move to try. */
  readonly #nodes: number[] = [];
  /** For each input: the node counter and state of the last answered operation found legal. */
  readonly #stamp: Int32Array;
  readonly #stampNext: Int32Array;
  #visits = 0;
  #ticks = 0;
  #begun = false;
  #leaf = false;

  constructor(model: Model<S, I, O>, partition: Partition<I, O>, foresight?: Foresight<S, I, O>) {
    this.partition = partition;
    this.steps = new Steps(model, partition.classes, foresight);
    this.#open = new Open(partition);
    this.#expiry = Expiry.of(partition, foresight);
    this.#memo = new Memo(this.#open.set.length, partition.pending.length);
    this.#used = new Int32Array(partition.pending.length);
    this.#stamp = new Int32Array(partition.classes.length);
    this.#stampNext = new Int32Array(partition.classes.length);
  }

  /** Searches until an answer, until `slice` more configurations are visited, or until the budget ends. */
  run(budget: Budget, slice: number): "linearizable" | "race" | "paused" {
    const until = budget.configs + Math.min(slice, budget.left());
    if (!this.#begun) {
      this.#begun = true;
      if (this.#enter(0, 0, budget)) return "linearizable";
    }
    const nodes = this.#nodes;
    while (nodes.length > 0) {
      if (++this.#ticks % CLOCK_EVERY === 0 && budget.spent()) return "paused";
      const top = nodes.length - NODE;
      const cursor = nodes[top + 2]!;
      if (cursor === this.#moves.length) {
        this.#leave(top);
        continue;
      }
      // Only before a new move: a pause must lose nothing.
      if (budget.configs >= until) {
        budget.spent();
        return "paused";
      }
      nodes[top + 2] = cursor + 1;
      const height = this.#trail.length;
      this.#place(this.#moves[cursor]!);
      if (this.#enter(this.#targets[cursor]!, height, budget)) return "linearizable";
    }
    return "race";
  }

  /** The order on the path: after `linearizable`, a legal one of every answered operation. */
  order(): string[] {
    const { ids, pending } = this.partition;
    const used = new Int32Array(pending.length);
    return this.#trail.map((move) => (move >= 0 ? ids[move]! : pending[~move]!.ids[used[~move]!++]!));
  }

  /** The most answered operations in a legal order so far, on the current path or an earlier one. */
  longest(): readonly string[] {
    const placed = this.partition.ids.length - this.#open.left;
    return placed > this.deepest.placed ? this.order() : this.deepest.order;
  }

  /** Places what is free; remembers the node unless visited; true when everything is placed. */
  #enter(state: number, height: number, budget: Budget): boolean {
    if (!this.#placePure(state) || this.#expiry?.isDead(state, this.steps.states[state]!)) {
      this.#undo(height);
      return false;
    }
    if (this.#open.left === 0) return true;
    if (!this.#memo.visit(this.#open.frontier, state, this.#open.set, this.#used)) {
      this.#undo(height);
      return false;
    }
    budget.configs++;
    this.#nodes.push(height, this.#moves.length, this.#moves.length);
    this.#collect(state);
    this.#leaf = true;
    return false;
  }

  #leave(top: number): void {
    if (this.#leaf) {
      this.#leaf = false;
      const placed = this.partition.ids.length - this.#open.left;
      if (placed > this.deepest.placed) this.deepest = { order: this.order(), placed };
    }
    this.#undo(this.#nodes[top]!);
    this.#moves.length = this.#nodes[top + 1]!;
    this.#targets.length = this.#moves.length;
    this.#nodes.length = top;
  }

  /** False where one of them can never be placed. */
  #placePure(state: number): boolean {
    const { classOf, invokes } = this.partition;
    const open = this.#open;
    // What was illegal stays illegal: pure operations leave the state as it is. One pass is enough,
    // since operations that become possible on the way stand further down the list.
    for (let at = open.firstPure(); at !== -1; at = open.after(at)) {
      if (invokes[at]! > open.horizon()) break;
      const target = this.steps.next(state, classOf[at]!);
      if (target >= 0) this.#place(at);
      else if (target === EXPIRED) return false;
    }
    return true;
  }

  #collect(state: number): void {
    const { classOf, classes, invokes, pending } = this.partition;
    const open = this.#open;
    const horizon = open.horizon();
    const visit = ++this.#visits;
    const from = this.#moves.length;
    for (let at = open.firstChange(); at !== -1 && invokes[at]! <= horizon; at = open.after(at)) {
      if (!open.isFirstOfClass(at, horizon)) continue;
      const target = this.steps.next(state, classOf[at]!);
      if (target === EXPIRED) {
        this.#moves.length = from;
        this.#targets.length = from;
        return;
      }
      if (target < 0) continue;
      const input = classes[classOf[at]!]!.inputId;
      this.#stamp[input] = visit;
      this.#stampNext[input] = target;
      this.#moves.push(at);
      this.#targets.push(target);
    }
    for (let index = 0; index < pending.length; index++) {
      const group = pending[index]!;
      const count = this.#used[index]!;
      if (count === group.invokes.length || group.invokes[count]! > horizon) continue;
      const target = this.steps.next(state, group.class);
      if (target < 0 || target === state) continue;
      const input = classes[group.class]!.inputId;
      if (this.#stamp[input] === visit && this.#stampNext[input] === target) continue;
      this.#moves.push(~index);
      this.#targets.push(target);
    }
    this.#sortMoves(from);
  }

  /**
   * Tries first what lets pure operations be placed next: on 200 transfers with 60 reads this visits a
   * hundredth of the configurations. Only an order, so it cannot be wrong.
   */
  #sortMoves(from: number): void {
    const count = this.#moves.length - from;
    if (count < 2 || count > MOST_SORTED) return;
    const { classOf, invokes } = this.partition;
    const open = this.#open;
    const horizon = open.horizon();
    const gains = this.#targets.slice(from).map((target) => {
      let gain = 0;
      let looks = 0;
      for (let at = open.firstPure(); at !== -1 && invokes[at]! <= horizon; at = open.after(at)) {
        if (this.steps.next(target, classOf[at]!) >= 0) gain++;
        if (++looks === MOST_SORTED) break;
      }
      return gain;
    });
    // Insertion sort: stable, in place on both lists, and mostly there is nothing to do.
    for (let index = 1; index < count; index++) {
      for (let at = index; at > 0 && gains[at]! > gains[at - 1]!; at--) {
        swap(gains, at);
        swap(this.#moves, from + at);
        swap(this.#targets, from + at);
      }
    }
  }

  #place(move: Move): void {
    this.#trail.push(move);
    if (move < 0) {
      this.#used[~move]!++;
    } else {
      this.#open.place(move);
      this.#expiry?.place(this.partition.classOf[move]!);
    }
  }

  #undo(height: number): void {
    while (this.#trail.length > height) {
      const move = this.#trail.pop()!;
      if (move < 0) {
        this.#used[~move]!--;
      } else {
        this.#open.takeBack(move);
        this.#expiry?.takeBack(this.partition.classOf[move]!);
      }
    }
  }
}

function swap(list: number[], at: number): void {
  const value = list[at]!;
  list[at] = list[at - 1]!;
  list[at - 1] = value;
}
