import { gaugeName } from "../observe.ts";
import type { Family } from "./family.ts";

const FEWEST_CALLS = 3;

/** A number that each call sets to one from its body. */
export const register: Family = {
  name: "register",
  fit({ calls, gauges }) {
    if (calls.length < FEWEST_CALLS || calls.some((call) => call.outcome !== "ok")) return undefined;
    for (const slot of Object.keys(calls[0]?.amounts ?? {})) {
      if (new Set(calls.map((call) => call.amounts[slot])).size < 2) continue;
      for (const [key, gauge] of gauges) {
        if (!calls.every((call) => call.after.get(key) === call.amounts[slot])) continue;
        return {
          family: "register",
          gauge,
          effectOf: (amounts, before = 0) => Number(((amounts[slot] ?? 0) - before).toFixed(6)),
          words: `sets ${gaugeName(gauge)} to ${slot}`,
        };
      }
    }
    return undefined;
  },
};
