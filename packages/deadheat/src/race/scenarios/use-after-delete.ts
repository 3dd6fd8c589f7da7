import { type Operation, operationName } from "../../plan/operation.ts";
import type { Act, Candidate } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { setUp } from "../fixture.ts";
import type { Unlearned } from "../learn.ts";
import { fieldsOf, sparse } from "../pairs/body.ts";
import { takingTurns } from "../pairs/in-turn.ts";
import { differences, type OneAtATime, type Pair, preparePair } from "../pairs/index.ts";
import { readsOfMade } from "../pairs/made.ts";
import { ownTexts, readsOf } from "../pairs/scene.ts";
import type { OwnScenario, Prepared } from "./scenario.ts";

const AMOUNT = 3;

/** An act on an object, and the object deleted while it is under way: nothing of the act may be there in the end. */
export const useAfterDelete: OwnScenario = {
  weakness: "use-after-delete",
  learns: "itself",
  async prepare(context, candidate) {
    let why: Unlearned = { status: "not-applicable", reason: "nothing deletes the object" };
    const prepared: Prepared[] = [];
    for (const remover of candidate.rivals ?? []) {
      const pair = await preparePair(context, candidate.act.scheme, pairOf(context, candidate, remover));
      if ("status" in pair) why = pair;
      else prepared.push(pair);
    }
    return takingTurns(prepared) ?? why;
  },
};

function pairOf(context: RaceContext, { act, made }: Candidate, remover: Operation): Pair {
  const { operation } = act;
  return {
    sides: [
      { operation, does: "act on it" },
      { operation: remover, does: "delete it" },
    ],
    alike: false,
    binding: [false, true],
    byTwoUsers: false,
    ends: true,
    async scene() {
      const fixture = await setUp(context, act);
      const unique = context.unique();
      const { bindings } = fixture;
      return {
        principal: fixture.principal,
        request: (kind, token) =>
          kind === 1
            ? compose(remover, { bindings, token, fresh: context.uuid() })
            : requestOf(context, act, fixture, unique, token),
        reads: readsOf(act.observers, fixture),
        own: new Map([[unique, "own"], ...ownTexts(fixture)]),
        ...(made ? { made: (exchanges) => readsOfMade(made, fixture, exchanges) } : {}),
      };
    },
    unsuitable: outlives,
    summary: ({ acknowledged, places, late }) =>
      late
        ? `${operationName(remover)} was acknowledged, a read after it showed nothing of the act, and then what it does appeared.`
        : `${acknowledged} acknowledged, ${operationName(remover)} among them, and something is there that no order leaves (${places.slice(0, 3).join(", ")}).`,
  };
}

/** A part of an object is written as a part: the document's sample may be what is there already. */
function requestOf(
  context: RaceContext,
  act: Act,
  fixture: Parameters<typeof call>[2],
  unique: string,
  token: Parameters<typeof call>[4] & {},
) {
  const { operation } = act;
  const [field] = fieldsOf(act);
  if (operation.method === "POST" || !field)
    return call(context, act, fixture, amountsOf(act, AMOUNT), token);
  return sparse(operation, fixture, { [field.pointer]: field.value(0, unique) }, token, context.uuid());
}

/** One at a time the delete ends it: no act after it, and of an act before it nothing is left. */
function outlives({ states, acknowledged }: OneAtATime): string | undefined {
  const [none, acted, deleted, both] = ["", "a", "b", "a b"].map((sequence) => states.get(sequence));
  if (!none || !acted || !deleted || !both) return "the orders could not be made";
  if (!acknowledged[0].includes("")) return "is refused when it is called alone";
  if (!acknowledged[1].includes("")) return "the object cannot be deleted";
  if (acknowledged[0].includes("b")) return "it is acknowledged after the delete, one at a time as well";
  if (differences(none, acted).length === 0) return "no read shows what it does";
  if (differences(none, deleted).length === 0) return "no read shows that the object is gone";
  return undefined;
}
