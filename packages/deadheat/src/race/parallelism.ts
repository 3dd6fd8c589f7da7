import type { Act } from "../plan/plan.ts";
import { amountsOf, call } from "./call.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type HttpRequest, succeeded } from "./exchange.ts";
import { type Fixture, setUp } from "./fixture.ts";
import type { Behaviour } from "./learn.ts";
import { overtakes } from "./overtaking.ts";
import { sendTogether } from "./together.ts";
import { GARBAGE } from "./token.ts";
import type { Transport } from "./transport/index.ts";

const REQUESTS = 8;
const SINGLES = 3;
const ROUNDS = 8;
/**
 * A server that works on one request at a time stays at or below 1; on busy machines some were measured at up to 1.8, of
 * eight rounds.
 */
const OVERLAPS_ABOVE = 2;
/**
 * Fewer rounds vary more, and are enough where they show more than that: of a Django with one thread, on two cores at a
 * load of 6, the factor after three rounds was 0.95 at most, in 64 measurements of 4 operations.
 */
const FEWEST_ROUNDS = 3;
const PLAIN_ABOVE = 2.4;

export interface Parallelism {
  readonly overlaps: boolean;
  /** Work done per elapsed time: 1 is one request at a time. Absent where it was not measured, or could not be. */
  readonly factor?: number;
}

/**
 * Whether the target works on several requests at once, shown in one of two ways (docs/decisions/0002): by their
 * order, see `overtakes`; else by their speed, see `measureSpeed`. Neither is evidence of a lock by its absence.
 */
export async function measureParallelism(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
): Promise<Parallelism> {
  return measureOverlap(context, independentCalls(context, act, behaviour));
}

/** How many of so many requests it works on at once, beside whether it overlaps any. */
export async function measureAtOnce(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  together: number,
): Promise<Parallelism> {
  const calls = independentCalls(context, act, behaviour, together);
  const factor = await measureSpeed(context, calls, together);
  if (factor !== undefined && factor > OVERLAPS_ABOVE) return { factor, overlaps: true };
  return { ...(await measureOverlap(context, calls)), ...(factor === undefined ? {} : { factor }) };
}

function independentCalls(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  kept = REQUESTS,
): IndependentCalls {
  return {
    fresh: callsOn(context, act, behaviour, kept),
    refused: refusedCall(context, act),
    latencyMs: behaviour.latency.shortest,
    async read() {
      const { bindings, principal } = await setUp(context, act);
      return compose(behaviour.fit.gauge.observer, { bindings, token: principal.token });
    },
  };
}

/** Calls that share no row, and what they are measured against. */
export interface IndependentCalls {
  fresh(): Promise<HttpRequest>;
  /** Refused before any work is done: its time is that of the way there and back. */
  readonly refused: HttpRequest;
  /** A quick read that waits for none of the calls. */
  read(): Promise<HttpRequest>;
  /** Shortest time of a call alone, ms. */
  readonly latencyMs: number;
}

/** As `measureParallelism`, for calls of any kind. */
export async function measureOverlap(context: RaceContext, calls: IndependentCalls): Promise<Parallelism> {
  const transport = transportOf(context);
  if (!transport) return { overlaps: false };
  const shown = context.overlapShown ?? {};
  const byOrder = async () => (await overtakes(context, calls, transport)) && { overlaps: true };
  const bySpeed = async () => {
    const factor = await measureSpeed(context, calls, REQUESTS);
    return factor === undefined ? { overlaps: false } : { factor, overlaps: factor > OVERLAPS_ABOVE };
  };
  // Each is evidence without the other: where one never is, it is looked for last.
  const first = shown.by === "speed" ? await bySpeed() : undefined;
  if (first?.overlaps) return first;
  const inOrder = await byOrder();
  const found = inOrder || first || (await bySpeed());
  if (found.overlaps) shown.by = inOrder ? "order" : "speed";
  return found;
}

/**
 * n requests that share no row, each on objects and where possible a principal of its own. A server that takes
 * them one after another needs at least n × S, where S is the shortest time of a call alone less about that of a call
 * refused at the door, both taken at the same moment over the same transport; so n × S / elapsed > 1 is evidence of
 * overlap. `undefined` where they did not all succeed.
 */
async function measureSpeed(
  context: RaceContext,
  calls: IndependentCalls,
  together: number,
): Promise<number | undefined> {
  const transport = transportOf(context);
  if (!transport) return undefined;
  let shortest = Number.POSITIVE_INFINITY;
  const refusals: number[] = [];
  let fastest = Number.POSITIVE_INFINITY;
  const factorOf = () => {
    if (!Number.isFinite(shortest) || !Number.isFinite(fastest)) return undefined;
    // Not the shortest: where times vary, the shortest of the ones less that of the others may be too much by chance.
    const [, floor = 0] = refusals.sort((a, b) => a - b);
    return (together * Math.max(0, shortest - floor)) / fastest;
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < SINGLES; index++) {
      refusals.push((await timed(context, transport, [calls.refused])).elapsed);
      const single = await timed(context, transport, [await calls.fresh()]);
      if (single.exchanges.every(succeeded)) shortest = Math.min(shortest, single.elapsed);
    }
    const requests: HttpRequest[] = [];
    for (let index = 0; index < together; index++) requests.push(await calls.fresh());
    const burst = await timed(context, transport, requests);
    // A refusal is no work: it would make the others look fast.
    if (burst.exchanges.every(succeeded)) fastest = Math.min(fastest, burst.elapsed);
    if (round + 1 >= FEWEST_ROUNDS && (factorOf() ?? 0) > PLAIN_ABOVE) break;
  }
  return factorOf();
}

function transportOf({ transports }: RaceContext): Transport | undefined {
  return transports.find((one) => one.name === "http1") ?? transports[0];
}

/** Calls on objects and principals of their own; taken in turn where using one again makes no difference. */
function callsOn(
  context: RaceContext,
  act: Act,
  { fit }: Behaviour,
  kept: number,
): () => Promise<HttpRequest> {
  const pool: Fixture[] = [];
  let next = 0;
  return async () => {
    const index = next++ % kept;
    const fixture = (fit.limit === undefined ? pool[index] : undefined) ?? (await setUp(context, act));
    pool[index] = fixture;
    return call(context, act, fixture, amountsOf(act, 1));
  };
}

function refusedCall(context: RaceContext, act: Act): HttpRequest {
  const bindings = Object.fromEntries(act.operation.pathParameters.map((name) => [name, "deadheat"]));
  const token = context.credentials.get(act.scheme)?.present(GARBAGE);
  return compose(act.operation, { bindings, values: amountsOf(act, 1), ...(token ? { token } : {}) });
}

async function timed(context: RaceContext, transport: Transport, requests: readonly HttpRequest[]) {
  const { exchanges, release } = await sendTogether(
    context,
    transport,
    requests.map((request) => ({ request, offsetMs: 0 })),
  );
  const elapsed = Math.max(...exchanges.map((one) => (one.return ?? Number.POSITIVE_INFINITY) - release));
  return { exchanges, elapsed };
}
