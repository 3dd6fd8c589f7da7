import type { Stage } from "../plan/interleaving.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { spend } from "./pacing.ts";
import { failureOf } from "./session.ts";
import type { Burst, BurstOptions, HeldRequest, ScheduledRequest, Transport } from "./transport/index.ts";

/** Sends all but the last byte of a request. Throws SetupFailed where the target cannot be connected to. */
export async function holdBack(
  context: RaceContext,
  transport: Transport,
  request: HttpRequest,
): Promise<HeldRequest> {
  await context.pacing.before();
  spend(context.budget, 1);
  const { clock, signal, timeoutMs } = context;
  try {
    const held = await transport.hold(context.target, request, { clock, signal, timeoutMs });
    const done = held.done.then((exchange) => {
      context.pacing.later(exchange);
      context.inventory.saw(exchange);
      return exchange;
    });
    return { ...held, done };
  } catch (cause) {
    signal.throwIfAborted();
    context.choice.failed(transport, failureOf(cause));
    throw new SetupFailed(`a request could not be held over ${transport.label}: ${failureOf(cause)}`);
  }
}

/** Requests of a pair go on connections of their own, so that none waits for the other on its way. */
export function pairTransport({ transports }: Pick<RaceContext, "transports">): string {
  return (transports.find((one) => one.name === "http1") ?? transports[0])?.name ?? "";
}

/** Sends two requests whose statements are put into an order, each on a connection of its own. */
export async function sendStaged(
  context: RaceContext,
  transport: Transport,
  [first, second]: readonly [HttpRequest, HttpRequest],
  stage: Stage,
  afterSecond?: (second: Exchange) => Promise<void>,
): Promise<Burst> {
  const exchanges: Exchange[] = [];
  const send = (index: number, request: HttpRequest) => async () => {
    const burst = await sendTogether(context, transport, [{ request, offsetMs: 0 }]);
    exchanges[index] = burst.exchanges[0] as Exchange;
  };
  await stage.play(
    { request: send(0, first) },
    {
      request: send(1, second),
      ...(afterSecond ? { afterwards: async () => afterSecond(exchanges[1] as Exchange) } : {}),
    },
  );
  return { release: Math.min(...exchanges.map((one) => one.invoke)), exchanges };
}

/** Sends requests together. A target that cannot be connected to fails the trial, not the scan. */
export async function sendTogether(
  context: RaceContext,
  transport: Transport,
  requests: readonly ScheduledRequest[],
  onAnswer?: BurstOptions["onAnswer"],
): Promise<Burst> {
  await context.pacing.before(requests.length);
  spend(context.budget, requests.length);
  const { clock, signal, timeoutMs } = context;
  try {
    const burst = await transport.burst(context.target, requests, {
      clock,
      signal,
      timeoutMs,
      ...(onAnswer ? { onAnswer } : {}),
    });
    if (isTogether(requests)) context.choice.sent(transport, burst);
    for (const exchange of burst.exchanges) {
      context.pacing.later(exchange);
      context.inventory.saw(exchange);
    }
    return burst;
  } catch (cause) {
    signal.throwIfAborted();
    context.choice.failed(transport, failureOf(cause));
    throw new SetupFailed(
      `the requests could not be sent together over ${transport.label}: ${failureOf(cause)}`,
    );
  }
}

function isTogether(requests: readonly ScheduledRequest[]): boolean {
  return requests.length > 1 && requests.every(({ offsetMs }) => offsetMs === 0);
}
