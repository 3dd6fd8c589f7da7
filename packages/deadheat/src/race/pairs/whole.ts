import type { Act } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { setUp } from "../fixture.ts";
import { fieldsOf, sparse } from "./body.ts";
import type { OneAtATime, Pair } from "./pair.ts";
import { ownTexts, readsOf } from "./scene.ts";
import { differences, type State } from "./state.ts";

const FEWEST_FIELDS = 2;

/** Two writes of a whole object: the later one may win, but nothing may be made of parts of both. */
export function wholePair(context: RaceContext, act: Act): Pair | undefined {
  const { operation } = act;
  const fields = fieldsOf(act).filter(({ pointer }) =>
    operation.body?.slots.some((one) => one.pointer === pointer),
  );
  if (operation.method !== "PUT" || fields.length < FEWEST_FIELDS) return undefined;
  const does = `set ${fields.map((one) => one.pointer).join(", ")}`;
  return {
    sides: [
      { operation, does },
      { operation, does },
    ],
    alike: false,
    binding: [false, false],
    byTwoUsers: false,
    hasObjects: act.links.length + act.references.length > 0,
    async scene(_casting, principal) {
      const fixture = await setUp(context, act, principal);
      const unique = context.unique();
      return {
        principal: fixture.principal,
        request: (kind, token) => {
          const values = fields.map(({ pointer, value }) => [pointer, value(kind, unique)]);
          return sparse(operation, fixture, Object.fromEntries(values), token, context.uuid());
        },
        reads: readsOf(act.observers, fixture),
        own: new Map([[unique, "own"], ...ownTexts(fixture)]),
      };
    },
    unsuitable: notReplacing,
    summary: ({ places }) =>
      `two writes of the whole object left parts of both (${places.slice(0, 3).join(", ")}); one at a time the later replaces the earlier.`,
  };
}

function notReplacing({ states, acknowledged }: OneAtATime): string | undefined {
  const [a, b, ab, ba] = ["a", "b", "a b", "b a"].map((sequence) => states.get(sequence)) as State[];
  if (!a || !b || !ab || !ba) return "the orders could not be made";
  if (!["", "b"].every((sequence) => acknowledged[0].includes(sequence)))
    return "one of the writes is refused";
  if (!["", "a"].every((sequence) => acknowledged[1].includes(sequence)))
    return "one of the writes is refused";
  if (differences(a, ba).length > 0 || differences(b, ab).length > 0)
    return "the later write does not replace the earlier";
  if (differences(a, b).length < FEWEST_FIELDS) return "no read shows two fields that it sets";
  return undefined;
}
