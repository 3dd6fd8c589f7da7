import { lastParameterOf } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { setUp, setUpAnother, withOtherTexts } from "../fixture.ts";
import type { Approach, Bounded } from "./bound.ts";
import { ownTexts, readsOf } from "./scene.ts";

/** One operation on two objects of one owner, beside each other: a floor or a sum over both may be kept. */
export function twoObjects(context: RaceContext, act: Act): Bounded | undefined {
  const parameter = lastParameterOf(act.operation);
  const isMade = act.links.some((link) => link.parameter === parameter);
  if (parameter === undefined || !(isMade || act.chosen?.parameter === parameter)) return undefined;
  const { operation } = act;
  const counts = Object.keys(amountsOf(act, 1)).length > 0;
  return {
    sides: [
      { operation, does: "call it on one object" },
      { operation, does: "call it on another" },
    ],
    counts,
    objects: counts ? [2] : [2, 3, 4],
    byTwoUsers: false,
    kind: "any",
    async open({ amount, objects, initial }: Approach) {
      const first = await setUp(context, act, undefined, initial);
      const names = [first.bindings[parameter] as string];
      while (names.length < objects) names.push(await setUpAnother(context, act, first, initial));
      const on = (place: number) => ({
        ...first,
        bindings: { ...first.bindings, [parameter]: names[place] as string },
      });
      const own = new Map(names.map((name, index) => [name, `${parameter}${index + 1}`]));
      const named = act.observers.filter((read) => read.pathParameters.includes(parameter));
      return {
        principal: first.principal,
        request: (kind, token) => call(context, act, on(kind), amountsOf(act, amount), token),
        more: () => call(context, act, withOtherTexts(context, act, first), amountsOf(act, amount)),
        reads: [...readsOf(act.observers, first), ...readsOf(named, on(1), " (the other object)")],
        own: new Map([...own, ...ownTexts(first)]),
      };
    },
  };
}
