import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import type { HttpRequest } from "./exchange.ts";
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
    throw new SetupFailed(`a request could not be held over ${transport.label}: ${failureOf(cause)}`);
  }
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
    for (const exchange of burst.exchanges) {
      context.pacing.later(exchange);
      context.inventory.saw(exchange);
    }
    return burst;
  } catch (cause) {
    signal.throwIfAborted();
    throw new SetupFailed(
      `the requests could not be sent together over ${transport.label}: ${failureOf(cause)}`,
    );
  }
}
