import type { Transport } from "./transport.ts";

/** The other transport has one turn in so many, the second: there are servers that it shows more of. */
const PERIOD = 4;

export interface Turn {
  readonly transport: Transport;
  /** How many turns it had before. */
  readonly nth: number;
}

/**
 * Whose turn it is. Most are the tighter one's, which is first. Not all: a server may work on one connection's
 * requests one after the other and on those of several together, or the other way round, and no spread shows that.
 */
export function turnOf(transports: readonly Transport[], turn: number): Turn | undefined {
  const [tighter, ...others] = transports;
  if (!tighter) return undefined;
  const before = Math.floor((turn + PERIOD - 2) / PERIOD);
  const other = turn % PERIOD === 1 ? others[before % Math.max(1, others.length)] : undefined;
  if (other) return { transport: other, nth: Math.floor(before / others.length) };
  return { transport: tighter, nth: others.length === 0 ? turn : turn - before };
}
