import { DeadheatError } from "../errors.ts";
import type { CredentialPlan, Plan } from "../plan/plan.ts";
import {
  assertTokenSyntax,
  BudgetSpent,
  type Credentials,
  learnCredentials,
  type RaceContext,
  resolveTarget,
  Session,
  suppliedCredentials,
  transports,
} from "../race/index.ts";
import { seededRandom } from "../random.ts";
import type { CredentialNote } from "./events.ts";
import type { ScanOptions } from "./scan.ts";

/** Resolves the target, finds what it speaks and how tokens are had. Throws DeadheatError. */
export async function prepareTarget(
  options: ScanOptions,
  plan: Plan,
  url: string,
  onReachable: (context: RaceContext) => void,
) {
  const { clock, signal, timeoutMs } = options;
  if (options.token !== undefined) assertTokenSyntax(options.token, "DEADHEAT_TOKEN");
  const target = await resolveTarget(url, options.authorization);
  const budget = { limit: options.requestLimit, spent: 0 };
  const session = new Session({ target, clock, budget, signal, timeoutMs });
  try {
    const started = clock.now();
    await session.assertReachable(plan.credentials[0]?.probes[0]?.path ?? "/");
    let names = 0;
    const base = {
      target,
      session,
      clock,
      budget,
      signal,
      timeoutMs,
      random: seededRandom(hash(options.seed)),
      unique: () => `dh${options.nonce}${(names++).toString(36)}`,
      uuid: options.uuid,
    };
    onReachable({ ...base, transports: [], credentials: new Map() });
    const spoken = [];
    for (const transport of transports)
      if (await transport.supports(target, { clock, signal, timeoutMs })) spoken.push(transport);
    const { credentials, notes } = await credentialsFor(base, plan.credentials, options.token);
    return { context: { ...base, transports: spoken, credentials }, notes, ms: clock.now() - started };
  } catch (error) {
    await session.close();
    if (error instanceof BudgetSpent)
      throw new DeadheatError("usage", error.message, "Allow more with --requests.", error);
    throw error;
  }
}

type CredentialContext = Parameters<typeof learnCredentials>[0];

async function credentialsFor(
  context: CredentialContext,
  plans: readonly CredentialPlan[],
  token: string | undefined,
): Promise<{ credentials: Map<string, Credentials>; notes: CredentialNote[] }> {
  const credentials = new Map<string, Credentials>();
  const notes: CredentialNote[] = [];
  for (const plan of plans) {
    const found =
      token === undefined
        ? await learnCredentials(context, plan)
        : ((await suppliedCredentials(context, plan, token)) ?? {
            reason: "the supplied token is not accepted",
          });
    if ("reason" in found) notes.push({ scheme: plan.scheme, reason: found.reason });
    else {
      credentials.set(plan.scheme, found);
      notes.push({ scheme: plan.scheme, via: found.via });
    }
  }
  if (token !== undefined && credentials.size === 0 && plans.length > 0)
    throw new DeadheatError(
      "token-rejected",
      "the API rejects the token in DEADHEAT_TOKEN",
      "Get a new token of a user made for testing, or unset DEADHEAT_TOKEN to let the scan register one.",
    );
  return { credentials, notes };
}

/** FNV-1a: any text is a seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
