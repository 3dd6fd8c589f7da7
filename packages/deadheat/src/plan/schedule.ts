import type { Preemption } from "./interleaving.ts";

/** What one trial sends, whatever it was chosen by: written into each proof, so that the trial can be run again. */
export interface Schedule {
  readonly transport: string;
  /** Requests that land together. */
  readonly requests: number;
  /** Number in the body of each, before the document's bounds change it. */
  readonly amount: number;
  /** Tokens of one principal that the requests are spread over. */
  readonly tokens: number;
  /** Two where the requests are spread over two principals; one where absent. */
  readonly users?: 1 | 2;
  /** How long after the first request the other operation leaves, ms; 0 where there is none. */
  readonly offsetMs: number;
  /** Calls made one at a time before, so that of a limit of many one is left: two requests suffice then. */
  readonly earlier?: number;
  /** Which of several pairs of requests, from 0, where one operation has several. */
  readonly variant?: number;
  /**
   * All but the last byte of the first request is sent, the other operation made and acknowledged, and only then
   * the last byte (DESIGN §7).
   */
  readonly held?: true;
  /** The requests leave one after the other, and their statements are put into this order by a proxy (DESIGN §8). */
  readonly interleaving?: Preemption;
}
