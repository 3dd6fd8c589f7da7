import type { Operation } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { type Fixture, setUp, withOtherTexts } from "../fixture.ts";
import type { Approach, Bounded } from "./bound.ts";
import { otherUser, ownTexts, readsOf } from "./scene.ts";

/** Two operations on one object that may share a bound: what one of them takes, the other cannot. */
export function twoOperations(
  context: RaceContext,
  act: Act,
  rival: Operation,
  kind: Bounded["kind"],
): Bounded {
  const other: Act = { ...act, operation: rival, references: [] };
  const acts = [act, other] as const;
  return {
    sides: [
      { operation: act.operation, does: "call it" },
      { operation: rival, does: "call it" },
    ],
    counts: acts.some((one) => Object.keys(amountsOf(one, 1)).length > 0),
    objects: [1],
    byTwoUsers: true,
    kind,
    async open({ amount, initial }: Approach, casting) {
      const fixture = await setUp(context, act, undefined, initial);
      const fixtures: readonly [Fixture, Fixture] = [fixture, withOtherTexts(context, other, fixture)];
      return {
        principal: fixture.principal,
        ...(await otherUser(context, act.scheme, casting)),
        request: (side, token) =>
          call(context, acts[side], fixtures[side], amountsOf(acts[side], amount), token),
        more: () => call(context, act, withOtherTexts(context, act, fixture), amountsOf(act, amount)),
        reads: readsOf(act.observers, fixture),
        own: new Map([...ownTexts(fixture), ...ownTexts(fixtures[1])]),
      };
    },
  };
}
