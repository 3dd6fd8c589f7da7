import { type Operation, operationName } from "../../plan/operation.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { refused, succeeded } from "../exchange.ts";
import type { Fixture } from "../fixture.ts";
import type { Token } from "../token.ts";

/**
 * Whether the user of the last trial is still served: signs in again, reads its own, exchanges a refresh token. A
 * defence that locks the rightful user out is worth a remark; 5xx and "later" say nothing. Empty where all is well.
 */
export async function legitimateUse(
  context: RaceContext,
  { principal, bindings }: Fixture,
  read: Operation,
): Promise<string[]> {
  if (!principal.login) return [];
  let token: Token | undefined;
  try {
    token = await principal.login();
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
  }
  if (!token) return ["legitimate use: after the last trial its user could not sign in again"];
  const remarks: string[] = [];
  const shown = await context.session.send(compose(read, { bindings, token }));
  if (refused(shown))
    remarks.push(
      `legitimate use: after the last trial its user signed in again, and ${operationName(read)} answered ${shown.status}`,
    );
  const renewal = token.refresh === undefined ? undefined : principal.renewal?.(token.refresh);
  if (renewal && renewal.origin === undefined && succeeded(shown)) {
    const renewed = await context.session.send(renewal);
    if (refused(renewed))
      remarks.push(
        `legitimate use: after the last trial a fresh refresh token of its user was answered ${renewed.status}`,
      );
  }
  return remarks;
}
