import { lastName } from "../../plan/names.ts";
import type { Operation, Slot } from "../../plan/operation.ts";
import type { Candidate } from "../../plan/plan.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Credentials, SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, refused, succeeded } from "../exchange.ts";
import type { Unlearned } from "../learn.ts";
import { scalars } from "../pointer.ts";
import { GARBAGE, type Token } from "../token.ts";
import { acceptedAt } from "./accepted.ts";
import type { Grant } from "./grant.ts";
import { type OnceScenario, prepareOnce } from "./once.ts";
import type { OwnScenario } from "./scenario.ts";
import { countSuccessors, type Refresh, refreshRequest, type Session } from "./successors.ts";

/**
 * Many exchanges of one refresh token (RFC 6749 §6): no more than one successor may live (RFC 9700 §4.14.2).
 * Answers that hold the same successor are one; an answer whose successor is refused gave none.
 */
export const refreshReuse: OwnScenario = {
  weakness: "refresh-reuse",
  learns: "itself",
  async prepare(context, candidate) {
    const found = await findRefresh(context, candidate);
    if ("status" in found) return found;
    const mode = await learnMode(context, found);
    if ("status" in mode) return mode;
    return prepareOnce(context, onceScenario(context, found, mode));
  },
};

/** The scheme whose tokens the operation renews: it names none, being open. The likeliest is tried first. */
async function findRefresh(
  context: RaceContext,
  { act: { operation, scheme }, takes: slot }: Candidate,
): Promise<Refresh | Unlearned> {
  if (!slot) return { status: "not-applicable", reason: "its body takes no refresh token" };
  const schemes = [scheme, ...[...context.credentials.keys()].filter((one) => one !== scheme)];
  let best: Unlearned = { status: "inconclusive", reason: `no credential for ${scheme}` };
  for (const name of schemes) {
    const credentials = context.credentials.get(name);
    if (!credentials) continue;
    const found = await tryRefresh(context, credentials, operation, slot);
    if (!("status" in found)) return found;
    if (name === scheme) best = found;
  }
  return best;
}

async function tryRefresh(
  context: RaceContext,
  credentials: Credentials,
  operation: Operation,
  slot: Slot,
): Promise<Refresh | Unlearned> {
  const inconclusive = (reason: string): Unlearned => ({ status: "inconclusive", reason });
  if (!credentials.probe) return inconclusive("no protected read tells a good token from a bad one");
  if (!credentials.fresh && !credentials.renewable)
    return { status: "not-applicable", reason: "may end the token that was supplied" };
  const session = await sessionOf(credentials);
  if (!session) return inconclusive("signing in gives no refresh token");
  const answer = await context.session.send(refreshRequest(operation, slot, session));
  if (!succeeded(answer))
    return inconclusive(`answers ${answer.status ?? answer.failure} to a fresh refresh token`);
  const access = await acceptedAt(context, credentials, answer.body, session.token);
  if (access === undefined)
    return { status: "not-applicable", reason: "answers no token that a protected read accepts" };
  const successor = scalars(answer.body).find(
    (one) =>
      typeof one.value === "string" && /refresh/i.test(lastName(one.pointer)) && one.pointer !== access,
  );
  if (!successor || successor.value === session.refresh)
    return { status: "not-applicable", reason: NO_ROTATION };
  return { credentials, operation, slot, access, successor: successor.pointer };
}

const NO_ROTATION =
  "no rotation: the same refresh token stays good (for sender-constrained tokens and confidential clients RFC 9700 §4.14.2 allows it)";

/** A session of its own, so that the one that others work with is not ended. */
async function sessionOf(credentials: Credentials): Promise<Session | undefined> {
  const principal = await credentials.mint();
  const token = credentials.fresh ? principal.token : await principal.login?.();
  return token?.refresh === undefined ? undefined : { principal, token, refresh: token.refresh };
}

interface Mode {
  /** In words, for the controls of a proof. */
  readonly words: string;
  readonly remarks: readonly string[];
  /** One at a time a repeat ends the session. */
  readonly endsSession?: true;
}

const REPEATS = 3;

/** What a second use does, one at a time and back to back, before any successor is used. */
async function learnMode(context: RaceContext, refresh: Refresh): Promise<Mode | Unlearned> {
  const session = await freshSession(refresh);
  const request = refreshRequest(refresh.operation, refresh.slot, session);
  const exchanges: Exchange[] = [];
  for (let index = 0; index < REPEATS; index++) exchanges.push(await context.session.send(request));
  const repeats = exchanges.slice(1);
  const count = await countSuccessors(context, refresh, session, exchanges);
  if (!count) return { status: "inconclusive", reason: "what an answer gave could not be counted" };
  const lives = count.lives.filter(Boolean).length;
  if (lives > 1)
    return {
      status: "not-applicable",
      reason: `one at a time, a refresh token that was used gives another live successor: a grace window, or reuse that is not looked for (${count.words})`,
    };
  if (repeats.some(succeeded))
    return { words: "one at a time a repeat is answered, and one successor lives (grace)", remarks: [] };
  if (!repeats.every(refused)) {
    const { status, failure } = repeats.find((one) => !refused(one)) ?? {};
    return {
      status: "inconclusive",
      reason: `answers ${status ?? failure} to a refresh token that was used`,
    };
  }
  if (lives === 1)
    return { words: "one at a time a repeat is refused, and the successor lives on (strict)", remarks: [] };
  return {
    words: "one at a time a repeat is refused and ends the session (strict, with family revocation)",
    endsSession: true,
    remarks: [
      "a refresh token that comes twice ends the session, one at a time too: a client that retries has to sign in again",
    ],
  };
}

async function freshSession({ credentials }: Refresh): Promise<Session> {
  const session = await sessionOf(credentials);
  if (!session) throw new SetupFailed("signing in gave no refresh token");
  return session;
}

function onceScenario(context: RaceContext, refresh: Refresh, mode: Mode): OnceScenario {
  const { operation, slot, credentials } = refresh;
  const sessions = new WeakMap<Grant, Session>();
  const probe = credentials.probe as Operation;
  const read = (token: Token): HttpRequest =>
    compose(probe, { token, bindings: Object.fromEntries(probe.pathParameters.map((one) => [one, "0"])) });
  return {
    operation,
    observer: operation,
    does: "exchange the refresh token",
    grantWords: "one refresh token",
    controls: [mode.words],
    remarks: mode.remarks,
    ...(mode.endsSession
      ? { unpunished: "Reuse, which ends the session one at a time, went unpunished." }
      : {}),
    async grant() {
      const session = await freshSession(refresh);
      const grant = { principal: session.principal, request: refreshRequest(operation, slot, session) };
      sessions.set(grant, session);
      return grant;
    },
    count: async (grant, exchanges) =>
      countSuccessors(context, refresh, sessions.get(grant) as Session, exchanges),
    refused: (grant) =>
      refreshRequest(operation, slot, { ...(sessions.get(grant) as Session), refresh: GARBAGE }),
    read: (grant) => read((sessions.get(grant) as Session).token),
  };
}
