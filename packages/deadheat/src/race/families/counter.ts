import { gaugeName } from "../observe.ts";
import { type Calibration, delta, type Family, type Fit } from "./family.ts";

const FEWEST_CALLS = 3;

/** A number to which each call adds: an amount from its body, or the same each time. */
export const counter: Family = {
  name: "counter",
  fit(calibration) {
    const { calls } = calibration;
    if (calls.length < FEWEST_CALLS || calls.some((call) => call.outcome !== "ok")) return undefined;
    return byAmount(calibration) ?? byConstant(calibration);
  },
};

function byAmount({ calls, gauges }: Calibration): Fit | undefined {
  for (const slot of Object.keys(calls[0]?.amounts ?? {})) {
    if (new Set(calls.map((call) => call.amounts[slot])).size < 2) continue;
    for (const [key, gauge] of gauges) {
      if (gauge.text) continue;
      const sign = [1, -1].find((one) =>
        calls.every((call) => delta(call, key) === one * (call.amounts[slot] ?? 0)),
      );
      if (sign === undefined) continue;
      return {
        family: "counter",
        gauge,
        effectOf: (amounts) => sign * (amounts[slot] ?? 0),
        words: `${sign > 0 ? "adds" : "subtracts"} ${slot} ${sign > 0 ? "to" : "from"} ${gaugeName(gauge)}`,
      };
    }
  }
  return undefined;
}

function byConstant({ calls, gauges }: Calibration): Fit | undefined {
  for (const [key, gauge] of gauges) {
    if (gauge.text) continue;
    const step = calls[0] && delta(calls[0], key);
    if (!step || !calls.every((call) => delta(call, key) === step)) continue;
    return { family: "counter", gauge, effectOf: () => step, words: `adds ${step} to ${gaugeName(gauge)}` };
  }
  return undefined;
}
