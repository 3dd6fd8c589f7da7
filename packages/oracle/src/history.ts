/**
 * How a call ended, as far as its caller can know.
 *
 * - `ok`: answered, and it took effect (or read) as `output` says.
 * - `rejected`: answered, and it changed nothing.
 * - `unknown`: timed out, cut off, or answered ambiguously. It may take effect at any time
 *   after its invoke, or never; its return time, if any, bounds nothing.
 */
export type Outcome = "ok" | "rejected" | "unknown";

/** One call of one process. Times are any monotonic unit, the same for the whole history. */
export interface Operation<I, O> {
  /** Unique in its history. */
  readonly id: string;
  /** Who called: a client, a connection, a thread. */
  readonly process: string | number;
  /** Stamped before the first byte left. Earlier is always safe. */
  readonly invoke: number;
  /** Stamped after the last byte arrived; absent while pending. Later is always safe. */
  readonly return?: number;
  readonly input: I;
  readonly output?: O;
  readonly outcome: Outcome;
}

/** The operations of one run, in any order. */
export type History<I, O> = readonly Operation<I, O>[];
