import { gaugeName } from "../observe.ts";
import type { Calibration, Family } from "./family.ts";

const FEWEST_CALLS = 3;

/** A number or a text that each call sets to one from its body. */
export const register: Family = {
  name: "register",
  fit(calibration) {
    const { calls, gauges } = calibration;
    if (calls.length < FEWEST_CALLS || calls.some((call) => call.outcome !== "ok")) return undefined;
    for (const slot of Object.keys(calls[0]?.amounts ?? {})) {
      if (new Set(calls.map((call) => call.amounts[slot])).size < 2) continue;
      for (const [key, gauge] of gauges) {
        const sent = gauge.text ? textSent(calibration, slot) : (amount: number) => amount;
        if (!calls.every((call) => call.after.get(key) === sent(call.amounts[slot] ?? Number.NaN))) continue;
        return {
          family: "register",
          gauge,
          does: gauge.text ? `set ${slot} to another text` : `set ${slot}`,
          effectOf: (amounts, before = 0) => Number(((sent(amounts[slot] ?? 0) ?? 0) - before).toFixed(6)),
          words: `sets ${gaugeName(gauge)} to ${slot}`,
        };
      }
    }
    return undefined;
  },
};

function textSent({ textNumber }: Calibration, slot: string) {
  return (amount: number) => textNumber?.(slot, amount);
}
