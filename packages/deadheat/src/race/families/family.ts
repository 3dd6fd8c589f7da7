import type { Gauge } from "../observe.ts";

/** One calibration call: what was sent, how it was answered, and what every gauge showed after it. */
export interface CalibrationCall {
  /** Numbers sent in the body, by JSON Pointer. */
  readonly amounts: Readonly<Record<string, number>>;
  /** `other`: neither an acknowledgement nor a plain refusal. */
  readonly outcome: "ok" | "rejected" | "other";
  readonly status?: number;
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

export interface Calibration {
  /** The number of the text that was sent in a slot for an amount; `undefined` where the slot takes none. */
  textNumber?(pointer: string, amount: number): number | undefined;
  readonly calls: readonly CalibrationCall[];
  /** Calls after those, each with texts that were not sent before; none where the body takes no text. */
  readonly others?: readonly CalibrationCall[];
  /** By the keys of `before` and `after`. */
  readonly gauges: ReadonlyMap<string, Gauge>;
}

/** How an operation behaves when it is called one at a time. */
export interface Fit {
  readonly family: string;
  readonly gauge: Gauge;
  /** What one call that took effect adds to the gauge, where that showed `before`. */
  effectOf(amounts: Readonly<Record<string, number>>, before?: number): number;
  /** Calls that may take effect on one object; absent where there is no limit. */
  readonly limit?: number;
  /** Calls past the limit are acknowledged too, without any effect. */
  readonly forgiving?: boolean;
  /** Where a transfer's amount arrives: it may be lost there alone. */
  readonly payee?: Fit;
  /** One call, in words; `add 3` where absent. */
  readonly does?: string;
  /** In words: `adds /score to /score of GET /profile`. */
  readonly words: string;
}

/** A kind of sequential specification that behaviour may fit. One file, one family. */
export interface Family {
  readonly name: string;
  fit(calibration: Calibration): Fit | undefined;
}

export function delta(call: CalibrationCall, gauge: string): number | undefined {
  const before = call.before.get(gauge);
  const after = call.after.get(gauge);
  // Decimals travel as text: 0.1 + 0.2 must not make a race.
  return before === undefined || after === undefined ? undefined : Number((after - before).toFixed(6));
}
