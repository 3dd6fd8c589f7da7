import { lastName } from "../plan/names.ts";
import type { Act } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import { type Gauge, gaugeName } from "./observe.ts";
import { isGivenAway } from "./owned.ts";
import { VISIBLE_WITHIN_MS } from "./watch.ts";

/** Why an operation cannot be raced with the scenarios at hand. */
export interface Unlearned {
  readonly status: "not-applicable" | "model-unfit" | "inconclusive";
  readonly reason: string;
}

/** No observer answers any more: is it the token? */
export async function unreadable(context: RaceContext, act: Act, fixture: Fixture): Promise<Unlearned> {
  const { token } = fixture.principal;
  for (const observer of act.observers) {
    const { status, failure } = await context.session.send(
      compose(observer, { bindings: fixture.bindings, token }),
    );
    if (status !== 401 && status !== 403 && status !== 404)
      return { status: "inconclusive", reason: `the state could not be read back (${status ?? failure})` };
  }
  if (await isGivenAway(context, act, fixture))
    return { status: "not-applicable", reason: "gives the object to the principal that it names" };
  return { status: "not-applicable", reason: "ends the token that it is called with" };
}

/** Acknowledged, and nothing is to be seen. Whether there is nothing depends on what was promised. */
export function unseen(
  amounts: Readonly<Record<string, number>>,
  { status }: Exchange,
  gauges: ReadonlyMap<string, Gauge>,
): Unlearned {
  const within = `within ${VISIBLE_WITHIN_MS} ms`;
  if (status === 202) return { status: "inconclusive", reason: `answers 202, and no effect shows ${within}` };
  const written = new Set(Object.keys(amounts).map(lastName));
  const shown = [...gauges.values()].find((gauge) => written.has(lastName(gauge.pointer)));
  if (shown) return { status: "inconclusive", reason: `no effect shows in ${gaugeName(shown)} ${within}` };
  return { status: "not-applicable", reason: "changes no number that a read shows" };
}
