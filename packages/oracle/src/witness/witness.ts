import type { History } from "../history.ts";
import type { Explanation } from "./explain.ts";

/** Equal operations of a witness, counted: `100 × add 1`. */
export interface OperationGroup {
  readonly text: string;
  readonly ids: readonly string[];
  /** Answered, so it has to be explained; else it may take effect or not. */
  readonly required: boolean;
  /** Invoked after all other required operations had returned. */
  readonly final: boolean;
}

/**
 * A small part of a history that still cannot be explained. Made of the history by moves that keep
 * any legal order legal (a prefix; leaving out a pure operation; taking an answer as unknown), so what
 * cannot be explained here cannot be explained there.
 */
export interface Witness<I = unknown, O = unknown> {
  /**
   * By invoke. Operations with the outcome `unknown` may take effect or not, whatever they were in the
   * history.
   */
  readonly operations: History<I, O>;
  /** Ids of those that have to be explained: the answered ones. */
  readonly core: readonly string[];
  /**
   * Ids of operations that may take effect or not and make no difference: with them, too, there is no
   * legal order, and without them, too, every operation of the core is needed for that.
   */
  readonly omitted: readonly string[];
  /** No single further move leaves a race. False where the budget ended first. */
  readonly minimal: boolean;
  /** How many smaller histories were checked. */
  readonly checks: number;
  readonly groups: readonly OperationGroup[];
  /** In one line: `100 × add 1, final read → 63`. */
  readonly summary: string;
  readonly explanation: Explanation;
}
