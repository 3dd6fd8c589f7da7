import type { Act } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { setUp } from "./fixture.ts";
import { amountsOf, type Behaviour, call } from "./learn.ts";
import { sendTogether } from "./together.ts";

const REQUESTS = 8;
const FLOOR_CALLS = 5;
const ROUNDS = 3;
/** A server that works on one request at a time stays at or below 1. */
const OVERLAPS_ABOVE = 1.25;

export interface Parallelism {
  /** Work done per elapsed time: 1 is one request at a time. */
  readonly factor: number;
  readonly overlaps: boolean;
}

/**
 * Whether the target works on several requests at once, for requests that share no row: each on
 * objects, and where possible a principal, of its own. A server that takes them one after another
 * needs at least n × S for n requests, where S is the shortest time of a call less the time of a call
 * that is refused at the door; so n × S / elapsed > 1 is evidence of overlap, and its absence is none
 * of a lock, which would hold only requests of one principal.
 */
export async function measureParallelism(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
): Promise<Parallelism> {
  const floor = await shortestRefusal(context, act);
  const work = Math.max(0, behaviour.latency.shortest - floor);
  const transport = context.transports.find((one) => one.name === "http1") ?? context.transports[0];
  let factor = 0;
  for (let round = 0; round < ROUNDS && transport; round++) {
    const fixtures = [];
    for (let index = 0; index < REQUESTS; index++) fixtures.push(await setUp(context, act));
    const requests = fixtures.map((fixture) => ({
      request: call(act, fixture, amountsOf(act, 1)),
      offsetMs: 0,
    }));
    const burst = await sendTogether(context, transport, requests);
    const returns = burst.exchanges.flatMap((one) => (one.return === undefined ? [] : [one.return]));
    const elapsed = Math.max(...returns) - burst.release;
    if (returns.length === REQUESTS && elapsed > 0) factor = Math.max(factor, (REQUESTS * work) / elapsed);
    if (factor > OVERLAPS_ABOVE) break;
  }
  return { factor, overlaps: factor > OVERLAPS_ABOVE };
}

async function shortestRefusal(context: RaceContext, act: Act): Promise<number> {
  const bindings = Object.fromEntries(act.operation.pathParameters.map((name) => [name, "deadheat"]));
  const values = amountsOf(act, 1);
  const request = compose(act.operation, { bindings, values, token: "deadheat-not-a-token" });
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < FLOOR_CALLS; index++) {
    const exchange = await context.session.send(request);
    if (exchange.return !== undefined) shortest = Math.min(shortest, exchange.return - exchange.invoke);
  }
  return shortest;
}
