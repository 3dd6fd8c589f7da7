import type { Act } from "../plan/plan.ts";
import { amountsOf, call } from "./call.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Exchange, type HttpRequest, succeeded } from "./exchange.ts";
import { type Fixture, setUp } from "./fixture.ts";
import type { Behaviour } from "./learn.ts";
import { sendTogether } from "./together.ts";
import { GARBAGE } from "./token.ts";
import type { Transport } from "./transport/index.ts";

const REQUESTS = 8;
const SINGLES = 4;
const ROUNDS = 3;
/** A server that works on one request at a time stays at or below 1. */
const OVERLAPS_ABOVE = 1.25;
const OVERTAKINGS = 12;
const ENOUGH_OVERTAKEN = 4;
/** Below this a request may overtake another on its way to the server, ms. */
const SHORTEST_HEAD_START_MS = 1;

export interface Parallelism {
  /** Work done per elapsed time: 1 is one request at a time. */
  readonly factor: number;
  readonly overlaps: boolean;
}

/**
 * Whether the target works on several requests at once, shown in one of two ways.
 *
 * By speed: n requests that share no row, each on objects and where possible a principal of its own. A
 * server that takes them one after another needs at least n × S, where S is the shortest time of a call
 * alone less that of a call refused at the door, both taken at the same moment over the same
 * transport; so n × S / elapsed > 1 is evidence of overlap, and its absence none of a lock.
 *
 * By order: a read sent while a call is under way, and answered before it, was not kept waiting. This
 * also shows where the work of one request fills the processor, and where all share one principal.
 */
export async function measureParallelism(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  together = REQUESTS,
): Promise<Parallelism> {
  const calls: IndependentCalls = {
    fresh: callsOn(context, act, behaviour, together),
    refused: refusedCall(context, act),
    latencyMs: behaviour.latency.shortest,
    async read() {
      const { bindings, principal } = await setUp(context, act);
      return compose(behaviour.fit.gauge.observer, { bindings, token: principal.token });
    },
  };
  return measureOverlap(context, calls, together);
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
export async function measureOverlap(
  context: RaceContext,
  calls: IndependentCalls,
  together = REQUESTS,
): Promise<Parallelism> {
  const transport = context.transports.find((one) => one.name === "http1") ?? context.transports[0];
  if (!transport) return { factor: 0, overlaps: false };
  let shortest = Number.POSITIVE_INFINITY;
  let floor = Number.POSITIVE_INFINITY;
  let fastest = Number.POSITIVE_INFINITY;
  let factor = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < SINGLES; index++) {
      floor = Math.min(floor, (await timed(context, transport, [calls.refused])).elapsed);
      const single = await timed(context, transport, [await calls.fresh()]);
      if (single.exchanges.every(succeeded)) shortest = Math.min(shortest, single.elapsed);
    }
    const requests: HttpRequest[] = [];
    for (let index = 0; index < together; index++) requests.push(await calls.fresh());
    const burst = await timed(context, transport, requests);
    // A refusal is no work: it would make the others look fast.
    if (burst.exchanges.every(succeeded)) fastest = Math.min(fastest, burst.elapsed);
    const work = Number.isFinite(shortest) ? Math.max(0, shortest - floor) : 0;
    factor = Number.isFinite(fastest) ? (together * work) / fastest : 0;
    // Not after the first: of four calls alone all may have been slow by chance.
    if (round > 0 && together === REQUESTS && factor > OVERLAPS_ABOVE) return { factor, overlaps: true };
  }
  if (factor > OVERLAPS_ABOVE) return { factor, overlaps: true };
  return { factor, overlaps: await overtakes(context, calls, transport) };
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

/** Reads of one principal, each sent when a call is a third through: once may be chance, four times is not. */
async function overtakes(
  context: RaceContext,
  calls: IndependentCalls,
  transport: Transport,
): Promise<boolean> {
  const offsetMs = calls.latencyMs / 3;
  if (offsetMs < SHORTEST_HEAD_START_MS) return false;
  const read = await calls.read();
  let overtaken = 0;
  for (let index = 0; index < OVERTAKINGS && overtaken < ENOUGH_OVERTAKEN; index++) {
    const { exchanges } = await sendTogether(context, transport, [
      { request: await calls.fresh(), offsetMs: 0 },
      { request: read, offsetMs },
    ]);
    const [slow, quick] = exchanges as [Exchange, Exchange];
    if (!succeeded(slow) || !succeeded(quick)) continue;
    if ((quick.return ?? Number.POSITIVE_INFINITY) < (slow.return ?? 0)) overtaken++;
  }
  return overtaken >= ENOUGH_OVERTAKEN;
}
