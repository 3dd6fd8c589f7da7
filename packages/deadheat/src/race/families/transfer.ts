import { gaugeName } from "../observe.ts";
import { delta, type Family } from "./family.ts";

const FEWEST_CALLS = 3;

/** An amount from the body that leaves one number and arrives at another. */
export const transfer: Family = {
  name: "transfer",
  fit({ calls, gauges }) {
    if (calls.length < FEWEST_CALLS || calls.some((call) => call.outcome !== "ok")) return undefined;
    for (const slot of Object.keys(calls[0]?.amounts ?? {})) {
      if (new Set(calls.map((call) => call.amounts[slot])).size < 2) continue;
      const moving = (sign: 1 | -1) =>
        [...gauges].find(
          ([key, gauge]) =>
            !gauge.text && calls.every((call) => delta(call, key) === sign * (call.amounts[slot] ?? 0)),
        )?.[1];
      const payer = moving(-1);
      const payee = moving(1);
      if (!payer || !payee) continue;
      return {
        family: "transfer",
        gauge: payer,
        payee: {
          family: "transfer",
          gauge: payee,
          does: "transfer",
          effectOf: (amounts) => amounts[slot] ?? 0,
          words: `moves ${slot} to ${gaugeName(payee)}`,
        },
        does: "transfer",
        effectOf: (amounts) => -(amounts[slot] ?? 0),
        words: `moves ${slot} from ${gaugeName(payer)} to ${gaugeName(payee)}`,
      };
    }
    return undefined;
  },
};
