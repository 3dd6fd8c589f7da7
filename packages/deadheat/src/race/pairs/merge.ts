import type { Act } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { succeeded } from "../exchange.ts";
import { setUp } from "../fixture.ts";
import { type Field, fieldsOf, sparse } from "./body.ts";
import { independent } from "./independent.ts";
import type { Pair, Side } from "./pair.ts";
import { ownTexts, readsOf } from "./scene.ts";
import { differences, readState } from "./state.ts";

const MOST_TRIED = 5;
const WRITES_PARTS = ["PATCH", "PUT"];

/** Two writes of different fields of one object; none where the operation does not take a part of it. */
export async function mergePair(context: RaceContext, act: Act): Promise<Pair | undefined> {
  const { operation } = act;
  if (!WRITES_PARTS.includes(operation.method)) return undefined;
  const fields = await effective(context, act);
  const [first, second] = fields;
  if (!first || !second) return undefined;
  const side = ({ pointer }: Field): Side => ({ operation, does: `set ${pointer}` });
  return {
    sides: [side(first), side(second)],
    alike: false,
    binding: [true, true],
    byTwoUsers: false,
    hasObjects: act.links.length + act.references.length > 0,
    async scene(_casting, principal) {
      const fixture = await setUp(context, act, principal);
      const unique = context.unique();
      const field = [first, second] as const;
      return {
        principal: fixture.principal,
        request: (kind, token) => {
          const { pointer, value } = field[kind];
          return sparse(operation, fixture, { [pointer]: value(0, unique) }, token, context.uuid());
        },
        reads: readsOf(act.observers, fixture),
        own: new Map([[unique, "own"], ...ownTexts(fixture)]),
      };
    },
    ...independent(`${first.pointer} and ${second.pointer}`),
  };
}

/** Fields of which each is taken alone, and changes what a read shows. */
async function effective(context: RaceContext, act: Act): Promise<Field[]> {
  const tried = fieldsOf(act).slice(0, MOST_TRIED);
  if (tried.length < 2) return [];
  const fixture = await setUp(context, act);
  const unique = context.unique();
  const scene = {
    principal: fixture.principal,
    reads: readsOf(act.observers, fixture),
    own: new Map<string, string>(),
  };
  const found: Field[] = [];
  let before = await readState(context, scene, []);
  for (const field of tried) {
    if (found.length === 2) break;
    const values = { [field.pointer]: field.value(0, unique) };
    const { token } = fixture.principal;
    const exchange = await context.session.send(
      sparse(act.operation, fixture, values, token, context.uuid()),
    );
    if (!succeeded(exchange)) continue;
    const after = await readState(context, scene, []);
    if (differences(before, after).length > 0) found.push(field);
    before = after;
  }
  return found;
}
