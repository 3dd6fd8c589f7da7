import type { Operation } from "@deadheat/oracle";
import type { CustomStep } from "../../plan/custom.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import type { CallNote } from "../scenarios/scenario.ts";
import { wordsOf } from "./step.ts";

/** `as alice`, `as alice (token 2)`. */
export function callerOf({ as, token }: CustomStep): string {
  if (as === undefined) return "without a token";
  return token === 1 ? `as ${as}` : `as ${as} (token ${token})`;
}

/** `there as teller`; a step that was given no name is called by its request, which stands beside it. */
export function doesOf(step: CustomStep): string {
  const isNamed = step.name !== wordsOf(step);
  return isNamed ? `${step.name} ${callerOf(step)}` : callerOf(step);
}

export function noteOf(step: CustomStep, exchange: Exchange, does: string): CallNote {
  const { status } = exchange;
  return { operation: wordsOf(step), does, ...(status === undefined ? {} : { status }), exchange };
}

/**
 * A call as the oracle takes it. Only 2xx says that it took effect; a refusal is left in doubt, since one that was
 * made for another reason (a lock that was not had, a rate limit) must not become the proof.
 */
export function operationOf<O>(
  id: string,
  process: string,
  exchange: Exchange,
  input: unknown,
  output: O | undefined,
): Operation<unknown, O> {
  return {
    id,
    process,
    invoke: exchange.invoke,
    ...(exchange.return === undefined ? {} : { return: exchange.return }),
    input,
    ...(output === undefined ? {} : { output }),
    outcome: succeeded(exchange) ? "ok" : "unknown",
  };
}
