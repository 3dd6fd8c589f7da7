import type { OperationRef } from "../findings/finding.ts";
import { lastName } from "../plan/names.ts";
import type { Act } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Exchange, refused } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import { type Gauge, gaugeName } from "./observe.ts";
import { isGivenAway } from "./owned.ts";
import { scalars } from "./pointer.ts";
import { VISIBLE_WITHIN_MS } from "./watch.ts";

/** Why an operation cannot be raced with the scenarios at hand. */
export interface Unlearned {
  readonly status: "not-applicable" | "model-unfit" | "inconclusive";
  readonly reason: string;
  /** Operations that acknowledged a revocation and left the token valid. */
  readonly ineffective?: readonly OperationRef[];
}

/** No observer answers any more: is it the token? */
export async function unreadable(context: RaceContext, act: Act, fixture: Fixture): Promise<Unlearned> {
  const { token } = fixture.principal;
  for (const observer of act.observers) {
    const answer = await context.session.send(compose(observer, { bindings: fixture.bindings, token }));
    // Not all say 401: Parse answers 400 (code 209) to a token that was ended.
    if (!refused(answer)) {
      const reason = `the state could not be read back (${answer.status ?? answer.failure})`;
      return { status: "inconclusive", reason };
    }
  }
  if (await isGivenAway(context, act, fixture))
    return { status: "not-applicable", reason: "gives the object to the principal that it names" };
  return { status: "not-applicable", reason: "ends the token that it is called with" };
}

/** Acknowledged, and nothing is to be seen. Whether there is nothing depends on what was promised. */
export function unseen(
  amounts: Readonly<Record<string, number>>,
  { request, status, body }: Exchange,
  gauges: ReadonlyMap<string, Gauge>,
): Unlearned {
  const within = `within ${VISIBLE_WITHIN_MS} ms`;
  if (status === 202) return { status: "inconclusive", reason: `answers 202, and no effect shows ${within}` };
  const written = new Set(Object.keys(amounts).map(lastName));
  const shown = [...gauges.values()].find((gauge) => written.has(lastName(gauge.pointer)));
  // `POST /wallets` makes one with a balance; that of `GET /profile` is another one. `GET /points` of `POST /points` is not.
  const elsewhere = shown && !shown.observer.path.startsWith(request.path);
  if (elsewhere && status === 201 && isItsOwn(amounts, body))
    return { status: "not-applicable", reason: "the numbers that it takes are those of what it makes" };
  if (shown) return { status: "inconclusive", reason: `no effect shows in ${gaugeName(shown)} ${within}` };
  return { status: "not-applicable", reason: "changes no number that a read shows" };
}

/** The answer shows an object with a name of its own, and every number that was sent in it. */
function isItsOwn(amounts: Readonly<Record<string, number>>, body: unknown): boolean {
  const shown = scalars(body);
  const named = shown.some(({ pointer }) => /(^|_)(id|uuid|pk)$|[a-z]Id$/.test(lastName(pointer)));
  const sent = Object.entries(amounts);
  return (
    named &&
    sent.length > 0 &&
    sent.every(([place, amount]) =>
      shown.some(({ pointer, value }) => lastName(pointer) === lastName(place) && Number(value) === amount),
    )
  );
}
