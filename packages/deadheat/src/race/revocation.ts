import type { OperationRef } from "../findings/finding.ts";
import { namesEndOfSession } from "../plan/names.ts";
import type { Operation } from "../plan/operation.ts";
import { operationName } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import { amountsOf, call } from "./call.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Principal, SetupFailed } from "./credentials/index.ts";
import { type HttpRequest, refused, succeeded } from "./exchange.ts";
import { setUp } from "./fixture.ts";
import type { Unlearned } from "./learn.ts";
import { type Gauge, readGauge } from "./observe.ts";
import type { Token } from "./token.ts";

const MOST_REVOKERS = 6;
const MOST_ASKED = 3;

/** A principal with two tokens: one to be revoked, one that the race does not touch. */
export interface TokenPair {
  readonly principal: Principal;
  readonly other: Token;
}

/** A principal with the one token that it can have, and how it gets another once that has ended. */
export interface SingleToken {
  readonly principal: Principal;
  /** Signs in again; the same one each time it is asked. Throws SetupFailed. */
  again(): Promise<Token>;
}

/** For APIs that give each principal one token only (DRF's authtoken): signing in again gives the same one. */
export async function singleToken(context: RaceContext, scheme: string): Promise<SingleToken | undefined> {
  const credentials = context.credentials.get(scheme);
  if (!credentials?.renewable || !credentials.fresh) return undefined;
  const principal = await credentials.mint();
  const same = await principal.login?.();
  if (same?.value !== principal.token.value) return undefined;
  let another: Promise<Token> | undefined;
  return {
    principal,
    again() {
      another ??= Promise.resolve(principal.login?.()).then((token) => {
        if (token && token.value !== principal.token.value) return token;
        throw new SetupFailed("signing in again gave no new token");
      });
      return another;
    },
  };
}

/** Two working tokens of one principal, or why there are none. */
export async function tokenPair(context: RaceContext, scheme: string): Promise<TokenPair | undefined> {
  const credentials = context.credentials.get(scheme);
  if (!credentials?.renewable) return undefined;
  const principal = await credentials.mint();
  const other = await principal.login?.();
  return other !== undefined && other.value !== principal.token.value ? { principal, other } : undefined;
}

/** What may end a token: an operation of the document, or what the user's recipe says. */
export interface Revoker {
  /** `POST /logout`. */
  readonly name: string;
  /** Absent where the document does not know it. */
  readonly operation?: Operation;
  /** It ends a refresh token in the first place. */
  readonly ofRefreshToken: boolean;
  /** Throws SetupFailed. */
  request(principal: Principal, token: Token): Promise<HttpRequest>;
}

/** The user's word first, then the document's operations as they come. */
export function revokersOf(
  context: RaceContext,
  scheme: string,
  operations: readonly Operation[],
): readonly Revoker[] {
  const { revokedBy } = context.credentials.get(scheme) ?? {};
  const ofDocument = operations.map((operation) => ({
    name: operationName(operation),
    operation,
    ofRefreshToken:
      operation.body?.slots.some((slot) => !slot.fixed && /refresh/i.test(slot.pointer)) ?? false,
    request: async (_: Principal, token: Token) => revocation(operation, token),
  }));
  if (revokedBy === undefined) return ofDocument;
  const known = operations.find((one) => operationName(one) === revokedBy.name);
  const own: Revoker = {
    ...revokedBy,
    ...(known ? { operation: known } : {}),
    async request(principal, token) {
      if (principal.revocation) return principal.revocation(token);
      throw new SetupFailed(`no recipe of this principal says how ${revokedBy.name} is called`);
    },
  };
  return [own, ...ofDocument.filter((one) => one.operation !== known)];
}

/** The request that ends `token`: its body names the token, or the refresh token, where it asks for one. */
function revocation(revoker: Operation, token: Token): HttpRequest {
  const values: Record<string, string> = {};
  for (const { pointer, fixed } of revoker.body?.slots ?? []) {
    if (fixed) continue;
    if (/refresh/i.test(pointer)) values[pointer] = token.refresh ?? token.value;
    else if (/token|jwt|access/i.test(pointer)) values[pointer] = token.value;
  }
  return compose(revoker, { token, values });
}

/**
 * Finds, among the operations that need nothing but a token, the one that ends the token it is
 * called with and no other. What the document calls them only decides the order of the attempts.
 */
export async function learnRevoker(
  context: RaceContext,
  act: Act,
  candidates: readonly Revoker[],
  gauge: Gauge,
): Promise<Revoker | Unlearned> {
  const tried: string[] = [];
  const ineffective: OperationRef[] = [];
  const { fresh = false } = context.credentials.get(act.scheme) ?? {};
  // Of a user that was there before: `DELETE /me` needs nothing but the token, too, and ends more than it.
  const harmless = ({ operation }: Revoker) =>
    fresh || !operation || operation.method !== "DELETE" || namesEndOfSession(operation.words);
  for (const revoker of candidates.slice(0, MOST_REVOKERS)) {
    if (!harmless(revoker)) {
      tried.push(`${revoker.name} may remove what the scan did not make`);
      continue;
    }
    const pair = await tokenPair(context, act.scheme);
    const single = pair ? undefined : await singleToken(context, act.scheme);
    const principal = pair?.principal ?? single?.principal;
    if (!principal)
      return {
        status: "inconclusive",
        reason: "no second token of the same principal can be had to read with",
      };
    const fixture = await setUp(context, act, principal);
    const answer = await context.recipes.send(await revoker.request(principal, principal.token));
    if (!succeeded(answer)) {
      tried.push(`${revoker.name} answers ${answer.status ?? answer.failure}`);
      continue;
    }
    const { bindings } = fixture;
    // An open read says nothing about a token, and one that is open against its document neither.
    const reads = [gauge.observer, ...act.observers].filter((one) => !one.open);
    const asked = [...reads.slice(0, MOST_ASKED), act.operation];
    const under = async (operation: Operation, token: Token) =>
      context.session.send(
        operation === act.operation
          ? call(context, act, fixture, amountsOf(act, 1), token)
          : compose(operation, { bindings, token }),
      );
    let ended: Operation | undefined;
    for (const operation of asked)
      if (!ended && refused(await under(operation, principal.token))) ended = operation;
    if (!ended) {
      tried.push(`${revoker.name} leaves the token valid`);
      if (revoker.operation) {
        const { method, path } = revoker.operation;
        ineffective.push({ method, path });
      }
      continue;
    }
    const reader = pair?.other ?? (await single?.again()) ?? principal.token;
    const other = await under(ended, reader);
    const { value } = await readGauge(context, gauge, fixture, reader);
    if (succeeded(other) && value !== undefined) return revoker;
    tried.push(`${revoker.name} ends every token of the principal: none is left to read with`);
  }
  return {
    status: "inconclusive",
    reason: `nothing was found that revokes one token: ${tried.join("; ")}`,
    ineffective,
  };
}
