import { z } from "zod";

/** How close together the requests of bursts over one transport were, as this side sees it. */
export interface MeasuredTransport {
  /** `http1`, `http2` */
  readonly name: string;
  /** In words: `HTTP/2 single-packet` */
  readonly mode: string;
  readonly bursts: number;
  /** Median of the time from the first byte of the first answer to the first byte of the last one, ms. */
  readonly spreadMs?: number;
  /** Of all requests, the share whose last byte had left before the first answer of its burst began. */
  readonly overlap?: number;
}

/** A transport that would be tighter, and is not used, or lost what makes it so. */
export interface Degradation {
  readonly transport: string;
  readonly reason: string;
}

/** How requests were made to land together, and what shows that they did. */
export interface TransportReport {
  /** The tighter of those that the target speaks: most bursts went over it. */
  readonly used: string;
  readonly spoken: readonly string[];
  /** Bursts of equal reads before the first trial, the transports in turn. */
  readonly probe: readonly MeasuredTransport[];
  /** Bursts of the trials whose requests left together. */
  readonly trials: readonly MeasuredTransport[];
  readonly degraded: readonly Degradation[];
}

const measured = z.object({
  name: z.string(),
  mode: z.string().describe("in words"),
  bursts: z.number(),
  spreadMs: z
    .number()
    .optional()
    .describe("median time from the first byte of the first answer to the first byte of the last one, ms"),
  overlap: z
    .number()
    .optional()
    .describe("share of the requests whose last byte had left before the first answer of the burst began"),
});

export const transportReportSchema = z
  .object({
    used: z.string().describe("the tighter of those that the target speaks"),
    spoken: z.array(z.string()).readonly(),
    probe: z.array(measured).readonly().describe("bursts of equal reads before the first trial"),
    trials: z.array(measured).readonly().describe("bursts of the trials whose requests left together"),
    degraded: z
      .array(z.object({ transport: z.string(), reason: z.string() }))
      .readonly()
      .describe("transports that were not used, or lost their edge, and why"),
  })
  .describe("how requests were made to land together, as seen from this side");
