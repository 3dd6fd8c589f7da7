import type { MeasuredTransport } from "../../findings/transports.ts";
import type { Burst, Transport } from "./transport.ts";

/** How close together the requests of one burst were, as this side sees it. */
export interface Tightness {
  /** From the first byte of the first answer to the first byte of the last one, ms. */
  readonly spreadMs: number;
  /** Share of the requests whose last byte had left before the first answer began. */
  readonly overlap: number;
}

/**
 * What answers tell of arrivals. When a request arrives only the server knows; from then to the first byte of its
 * answer equal requests take about as long, so what spreads arrivals spreads answers, whatever lies between: a proxy
 * that passes requests on one by one shows here and not in when they were sent. Work that the server does one after
 * the other spreads them too, by as much over each transport. `undefined` where not every request was answered.
 */
export function tightnessOf({ exchanges, releases = [] }: Burst): Tightness | undefined {
  const began = exchanges.map((one) => one.began);
  if (began.length < 2 || began.some((at) => at === undefined)) return undefined;
  const times = began as number[];
  const first = Math.min(...times);
  const overlapping = releases.filter((at) => at <= first).length;
  return { spreadMs: Math.max(...times) - first, overlap: overlapping / times.length };
}

/** Bursts over one transport, summed up. */
export class TightnessTally {
  readonly #transport: Transport;
  readonly #seen: Tightness[] = [];
  #bursts = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  note(burst: Burst): void {
    this.#bursts++;
    const seen = tightnessOf(burst);
    if (seen) this.#seen.push(seen);
  }

  get spreads(): readonly number[] {
    return this.#seen.map((one) => one.spreadMs);
  }

  summary(): MeasuredTransport {
    const { name, label } = this.#transport;
    const base = { name, mode: label, bursts: this.#bursts };
    if (this.#seen.length === 0) return base;
    const overlap = this.#seen.reduce((sum, one) => sum + one.overlap, 0) / this.#seen.length;
    return { ...base, spreadMs: rounded(medianOf(this.spreads)), overlap: rounded(overlap) };
  }
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
