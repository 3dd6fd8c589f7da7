/**
 * What one trial sends: a pure function of its index and the seed, written into each proof, so that the
 * trial can be run again.
 */
export interface Schedule {
  readonly transport: string;
  /** Requests that land together. */
  readonly requests: number;
  /** Number in the body of each, before the document's bounds change it. */
  readonly amount: number;
  /** Tokens of one principal that the requests are spread over. */
  readonly tokens: number;
  /** How long after the first request the other operation leaves, ms; 0 where there is none. */
  readonly offsetMs: number;
  /**
   * All but the last byte of the first request is sent, the other operation made and acknowledged, and only then
   * the last byte (DESIGN §7).
   */
  readonly held?: true;
}
