import { type Operation, operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import type { HttpRequest } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import type { Token } from "../token.ts";
import { fieldsOf, sparse } from "./body.ts";
import { independent } from "./independent.ts";
import type { Pair } from "./pair.ts";
import { ownTexts, readsOf } from "./scene.ts";

const AMOUNT = 3;
const OTHER_AMOUNT = 4;

/** Two different writes of one object: what one of them sets, the other must not put back. */
export function besidePair(context: RaceContext, act: Act, rival: Operation): Pair {
  const other: Act = { ...act, operation: rival, references: [] };
  const names = [operationName(act.operation), operationName(rival)];
  return {
    sides: [
      { operation: act.operation, does: doing(act) },
      { operation: rival, does: doing(other) },
    ],
    alike: false,
    binding: [true, true],
    byTwoUsers: false,
    hasObjects: act.links.length + act.references.length > 0,
    async scene(_casting, principal) {
      const fixture = await setUp(context, act, principal);
      const unique = context.unique();
      return {
        principal: fixture.principal,
        request: (kind, token) =>
          kind === 0
            ? requestOf(context, act, fixture, AMOUNT, unique, token)
            : requestOf(context, other, fixture, OTHER_AMOUNT, unique, token),
        reads: readsOf(act.observers, fixture),
        own: new Map([[unique, "own"], ...ownTexts(fixture)]),
      };
    },
    ...independent(names.join(" and ")),
  };
}

function isPart({ operation }: Act): boolean {
  return operation.method === "PATCH" || operation.method === "PUT";
}

function doing(act: Act): string {
  const [field] = fieldsOf(act);
  return isPart(act) && field ? `set ${field.pointer}` : "call it";
}

/** A write of one field where it takes a part, else a call as any other. */
function requestOf(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  amount: number,
  unique: string,
  token: Token,
): HttpRequest {
  const [field] = fieldsOf(act);
  if (!isPart(act) || !field) return call(context, act, fixture, amountsOf(act, amount), token);
  return sparse(act.operation, fixture, { [field.pointer]: field.value(0, unique) }, token, context.uuid());
}
