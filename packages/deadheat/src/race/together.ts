import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials.ts";
import { failureOf, spend } from "./session.ts";
import type { Burst, BurstOptions, ScheduledRequest, Transport } from "./transport/index.ts";

/** Sends requests together. A target that cannot be connected to fails the trial, not the scan. */
export async function sendTogether(
  context: RaceContext,
  transport: Transport,
  requests: readonly ScheduledRequest[],
  onAnswer?: BurstOptions["onAnswer"],
): Promise<Burst> {
  spend(context.budget, requests.length);
  const { clock, signal, timeoutMs } = context;
  try {
    return await transport.burst(context.target, requests, {
      clock,
      signal,
      timeoutMs,
      ...(onAnswer ? { onAnswer } : {}),
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new SetupFailed(
      `the requests could not be sent together over ${transport.label}: ${failureOf(cause)}`,
    );
  }
}
