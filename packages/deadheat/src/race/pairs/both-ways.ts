import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { setUp } from "../fixture.ts";
import { independent } from "./independent.ts";
import type { Pair } from "./pair.ts";
import { ownTexts, readsOf } from "./scene.ts";

const AMOUNTS = [30, 40] as const;

/** What moves an amount from one object to another, there and back at once; none where it does not name two of a kind. */
export function bothWaysPair(context: RaceContext, act: Act): Pair | undefined {
  const ends = twoOfAKind(act);
  if (!ends) return undefined;
  const { operation } = act;
  const [one, two] = ends;
  return {
    sides: [
      { operation, does: `move ${AMOUNTS[0]} there` },
      { operation, does: `move ${AMOUNTS[1]} back` },
    ],
    alike: false,
    binding: [true, true],
    byTwoUsers: false,
    hasObjects: act.links.length + act.references.length > 0,
    async scene(_casting, principal) {
      const fixture = await setUp(context, act, principal);
      const { bindings } = fixture;
      const turned = { ...bindings, [one]: bindings[two] as string, [two]: bindings[one] as string };
      return {
        principal: fixture.principal,
        request: (kind, token) =>
          call(
            context,
            act,
            kind === 0 ? fixture : { ...fixture, bindings: turned },
            amountsOf(act, AMOUNTS[kind]),
            token,
          ),
        reads: readsOf(act.observers, fixture),
        own: ownTexts(fixture),
      };
    },
    ...independent("two amounts there and back"),
  };
}

/** Two names of the request that one and the same operation gives. */
function twoOfAKind({ links, references }: Act): readonly [string, string] | undefined {
  const made = [...links, ...references].flatMap((one) =>
    "producer" in one ? [{ name: one.parameter, by: one.producer.id }] : [],
  );
  for (const { name, by } of made) {
    const other = made.find((one) => one.by === by && one.name !== name);
    if (other) return [name, other.name];
  }
  return undefined;
}
