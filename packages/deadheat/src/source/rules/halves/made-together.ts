import { compatible, type Effect } from "../../effects/effect.ts";
import { type Belonging, callsTo, givenRows, isMadeBy } from "./halves.ts";

/**
 * A condition, an offer that has it, a voucher that has the offer: three rows that are nothing without one another. (Two
 * are made everywhere, and where the second is missing it is most often made when somebody asks for it: a profile. The
 * third may be the first, saved once more with the second.)
 */
export function madeTogetherIn(effects: readonly Effect[]): Belonging {
  const made = effects.filter(
    (one) => /^(create|save)$/.test(one.kind) && !one.deferred && one.txns.length === 0,
  );
  return (halves) => {
    const { first, second } = halves;
    if (callsTo(halves) > 2 || first.kind !== "create" || second.kind !== "create" || !hangsOn(second, first))
      return undefined;
    const third = made.find(
      (one) =>
        one !== first &&
        one !== second &&
        compatible(one.steps, second.steps) &&
        compatible(one.steps, first.steps) &&
        (one.seq < second.seq ? one.kind === "create" && hangsOn(second, one) : hangsOn(one, second)),
    );
    return third && "rows that hang on one another are made one after the other, in no transaction";
  };
}

function hangsOn(part: Effect, whole: Effect): boolean {
  return givenRows(part).some((one) => isMadeBy(one, whole));
}
