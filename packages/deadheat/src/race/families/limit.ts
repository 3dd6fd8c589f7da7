import { gaugeName } from "../observe.ts";
import { type CalibrationCall, delta, type Family, type Fit } from "./family.ts";

const FEWEST_REFUSALS = 2;

/**
 * An action that takes effect k times on one object and has none from then on. Whether the later calls
 * are refused, or acknowledged as done before, is the API's choice: only the state counts.
 */
export const limit: Family = {
  name: "limit",
  fit({ calls, others = [], gauges }) {
    for (const [key, gauge] of gauges) {
      // A text that says "redeemed" says it after the second use as well.
      if (gauge.text) continue;
      const unit = calls[0] && delta(calls[0], key);
      if (!unit) continue;
      const allowed = calls.findIndex((call) => delta(call, key) !== unit || call.outcome !== "ok");
      const spent = calls.slice(allowed);
      if (allowed < 1 || spent.length < FEWEST_REFUSALS) continue;
      if (spent.some((call) => delta(call, key) !== 0 || call.outcome === "other")) continue;
      const forgiving = spent.some((call) => call.outcome === "ok");
      const once = allowed === 1 ? "allowed once" : `allowed ${allowed} times`;
      // A PUT that makes what is not there (RFC 9110 §9.3.4): whatever the text, there is one.
      const sets = others.length > 0 && [...spent, ...others].every((call) => call.outcome === "ok");
      return {
        family: "limit",
        gauge,
        limit: allowed,
        ...(forgiving ? { forgiving } : {}),
        ...effect(allowed === 1 ? calls[0] : undefined, unit),
        words: `${sets ? "made once, and set from then on" : once}, adds ${unit} to ${gaugeName(gauge)}`,
      };
    }
    return undefined;
  },
};

/** Of the only call that took effect it is not known whether another amount would have added as much: what it asked for. */
function effect(only: CalibrationCall | undefined, unit: number): Pick<Fit, "effectOf"> {
  const [pointer] = Object.entries(only?.amounts ?? {}).find(([, one]) => one === Math.abs(unit)) ?? [];
  if (pointer === undefined) return { effectOf: () => unit };
  return { effectOf: (amounts) => Math.sign(unit) * (amounts[pointer] ?? Math.abs(unit)) };
}
