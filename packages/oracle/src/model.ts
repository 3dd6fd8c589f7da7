import type { History } from "./history.ts";

/** What a completed operation answered. */
export interface Response<O> {
  readonly outcome: "ok" | "rejected";
  readonly output: O | undefined;
}

/**
 * A sequential specification: what one call at a time may do.
 *
 * States are immutable values; `step` is deterministic and free of effects.
 *
 * @typeParam S state, never `undefined`
 * @typeParam I input of an operation
 * @typeParam O output of an operation
 */
export interface Model<S, I, O> {
  readonly name: string;
  init(): S;
  /**
   * The state after `input` was answered with `response`, or `undefined` where that answer is
   * illegal in `state`. A `response` of `undefined` stands for "took effect, answer unknown":
   * the state after the effect, or `undefined` where there can be none. Where an answer that changes the
   * state is legal, the step for the unknown answer must be legal too and reach the same state (or one
   * that allows no less): the search and the witness put one in place of the other.
   */
  step(state: S, input: I, response: Response<O> | undefined): S | undefined;
  /** A memo key: equal exactly for states that behave the same. */
  key(state: S): string | number;
  /**
   * True where this answer to this input changes no state, whatever the state: a read, a rejection.
   * Must hold in every state, not only in the one at hand; else verdicts are wrong.
   */
  pure(input: I, response: Response<O>): boolean;
  /** Independent part of the state that an input touches (linearizability is local). Default: one part. */
  partition?(input: I): string | number;
  /** In words, for people: `add 3 → ok`. */
  describe?(input: I, response: Response<O> | undefined): string;
  /** A state in words, for people: `12 · token A is revoked`. Default: its memo key. */
  show?(state: S): string;
  /**
   * An answer without a search, for histories of one part on which a search would explode, or
   * `undefined` where there is none. A claimed order is checked before it is believed; a claimed race is
   * believed, so claim one only on a condition that every legal order meets.
   */
  shortcut?(part: History<I, O>): Shortcut | undefined;
  /** What can be said beforehand about every legal order of one part: see {@link Foresight}. */
  foresee?(part: History<I, O>): Foresight<S, I, O> | undefined;
}

/** What a model's {@link Model.shortcut} found. */
export type Shortcut =
  | { readonly verdict: "linearizable" /** Operation ids. */; readonly order: readonly string[] }
  | {
      readonly verdict: "race";
      /** Ids of operations that cannot be explained together with the rest. */
      readonly operations: readonly string[];
      /** Why, in words. */
      readonly because: string;
    };

/**
 * What ends a wrong order early. Both members may only exclude what no legal order of all answered
 * operations of the part contains; what they say false (true) of is believed.
 */
export interface Foresight<S, I, O> {
  /** False for a state that no legal order passes through. */
  leads?(state: S): boolean;
  /**
   * True where the answer is illegal in `state` and in every state that operations of the part can lead
   * to from there: whoever has not placed it yet never will.
   */
  expired?(state: S, input: I, response: Response<O>): boolean;
}
