import { lastName } from "../../plan/names.ts";
import type { Operation } from "../../plan/operation.ts";
import type { Carrier } from "../../plan/plan.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import type { Credentials, Principal } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, refused, succeeded } from "../exchange.ts";
import { getAt } from "../pointer.ts";
import type { Token } from "../token.ts";
import { isAccepted, presentedFor } from "./accepted.ts";
import type { Count } from "./grant.ts";
import { doubtOf } from "./whole-seconds.ts";

/** How one scheme's refresh tokens are exchanged, and where an answer holds what came of it. */
export interface Refresh {
  readonly credentials: Credentials;
  readonly operation: Operation;
  readonly takes: Carrier;
  readonly access: string;
  readonly successor: string;
  /** A refresh token differs from the one before it from the next second on. */
  readonly ripens?: true;
}

export interface Session {
  readonly principal: Principal;
  readonly token: Token;
  readonly refresh: string;
}

/** As the user's recipe makes it, where that is for this operation; else as the document shows. */
export function refreshRequest(
  { operation, takes, credentials }: Pick<Refresh, "operation" | "takes" | "credentials">,
  { refresh, token, principal }: Session,
): HttpRequest {
  const own = principal.renewal?.(refresh);
  const isThis = own?.origin === undefined && own?.method === operation.method && own.path === operation.path;
  if (own && isThis) return own;
  if ("instead" in takes) return compose(operation, { token: presentedFor(credentials, refresh, token) });
  const values: Record<string, string> = "slot" in takes ? { [takes.slot.pointer]: refresh } : {};
  for (const { pointer } of operation.body?.slots ?? [])
    if (/^grant_?type$/i.test(lastName(pointer))) values[pointer] = "refresh_token";
  const request = compose(operation, { values, ...(operation.open ? {} : { token }) });
  return "header" in takes
    ? { ...request, headers: { ...request.headers, [takes.header]: refresh } }
    : request;
}

/**
 * Each distinct successor is used once, after the access tokens were counted: using one may end the others, so
 * that too few may be counted, and never too many.
 */
export async function countSuccessors(
  context: RaceContext,
  refresh: Refresh,
  session: Session,
  exchanges: readonly Exchange[],
): Promise<Count | undefined> {
  const { credentials, access, successor } = refresh;
  const { token } = session;
  const at = (exchange: Exchange, pointer: string) => {
    const value = succeeded(exchange) ? getAt(exchange.body, pointer) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const doubt = doubtOf(exchanges.map((one) => at(one, successor)));
  let accepted = 0;
  for (const value of new Set(exchanges.map((one) => at(one, access)))) {
    if (value === undefined) continue;
    if (await isAccepted(context, credentials, presentedFor(credentials, value, token))) accepted++;
  }
  /** What a successor gave when it was used: `undefined` where it gave nothing. */
  const use = async (value: string): Promise<{ next?: string } | undefined> => {
    const answer = await context.session.send(refreshRequest(refresh, { ...session, refresh: value }));
    if (refused(answer)) return {};
    const next = at(answer, successor);
    if (!succeeded(answer)) return undefined;
    // An answer of 200 shows no life, nor does a token in it that is not accepted.
    const given = at(answer, access);
    if (given === undefined) return {};
    const works = await isAccepted(context, credentials, presentedFor(credentials, given, token));
    return works === undefined ? undefined : works ? { next: next ?? value } : {};
  };
  const seen = new Set([session.refresh]);
  const lives: boolean[] = [];
  let alive: string[] = [];
  for (const exchange of exchanges) {
    const value = at(exchange, successor);
    const isNew = value !== undefined && !seen.has(value);
    if (isNew) seen.add(value);
    const result = isNew ? await use(value) : {};
    if (!result) return undefined;
    lives.push(result.next !== undefined);
    if (result.next !== undefined) alive.push(result.next);
  }
  return {
    lives,
    ...(doubt === undefined ? {} : { doubt }),
    words: `${alive.length} refresh tokens live, ${accepted} access tokens are accepted`,
    async again() {
      const still: string[] = [];
      for (const value of alive) {
        const result = await use(value);
        if (!result) return undefined;
        if (result.next !== undefined) still.push(result.next);
      }
      alive = still;
      return still.length;
    },
  };
}
