import type { Operation } from "../../plan/operation.ts";
import type { Candidate, Carrier } from "../../plan/plan.ts";
import { refreshTokenIn } from "../answered-tokens.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Credentials, SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, refused, succeeded } from "../exchange.ts";
import type { Unlearned } from "../learn.ts";
import { GARBAGE, type Token } from "../token.ts";
import { acceptedAt } from "./accepted.ts";
import type { Grant } from "./grant.ts";
import { type OnceScenario, prepareOnce } from "./once.ts";
import type { OwnScenario } from "./scenario.ts";
import { countSuccessors, type Refresh, refreshRequest, type Session } from "./successors.ts";
import { mayRepeat, nextSecond, Ripening } from "./whole-seconds.ts";

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
  { act: { operation, scheme }, takes }: Candidate,
): Promise<Refresh | Unlearned> {
  if (!takes) return { status: "not-applicable", reason: "takes no refresh token" };
  const schemes = [scheme, ...[...context.credentials.keys()].filter((one) => one !== scheme)];
  let best: Unlearned | undefined;
  for (const name of schemes) {
    const credentials = context.credentials.get(name);
    if (!credentials) continue;
    const found = await tryRefresh(context, credentials, operation, takes);
    if (!("status" in found)) return found;
    best ??= found;
  }
  return best ?? { status: "inconclusive", reason: `no credential for ${scheme}` };
}

async function tryRefresh(
  context: RaceContext,
  credentials: Credentials,
  operation: Operation,
  takes: Carrier,
): Promise<Refresh | Unlearned> {
  const inconclusive = (reason: string): Unlearned => ({ status: "inconclusive", reason });
  if (!credentials.probe) return inconclusive("no protected read tells a good token from a bad one");
  if (!credentials.fresh && !credentials.renewable)
    return { status: "not-applicable", reason: "may end the token that was supplied" };
  const how = { credentials, operation, takes };
  const first = await firstExchange(context, how, false);
  if ("status" in first) return first;
  const { session, answer, access } = first;
  const successor = refreshTokenIn(answer.body, access);
  if (successor && successor.value !== session.refresh)
    return { ...how, access, successor: successor.pointer };
  const late = successor && mayRepeat(session.refresh) ? await firstExchange(context, how, true) : undefined;
  const other = late && "answer" in late ? refreshTokenIn(late.answer.body, late.access) : undefined;
  if (!late || !("answer" in late) || !other || other.value === late.session.refresh)
    return { status: "not-applicable", reason: NO_ROTATION };
  return { ...how, access, successor: other.pointer, ripens: true };
}

interface FirstExchange {
  readonly session: Session;
  readonly answer: Exchange;
  /** Where the answer holds an access token that works. */
  readonly access: string;
}

async function firstExchange(
  context: RaceContext,
  how: Pick<Refresh, "credentials" | "operation" | "takes">,
  ripe: boolean,
): Promise<FirstExchange | Unlearned> {
  const { credentials, takes } = how;
  const session = await sessionOf(credentials);
  if (!session)
    return "instead" in takes
      ? {
          status: "not-applicable",
          reason: "signing in gives no refresh token: it may renew the access token itself",
        }
      : { status: "inconclusive", reason: "signing in gives no refresh token" };
  if (ripe) await nextSecond(context);
  const answer = await context.session.send(refreshRequest(how, session));
  if (!succeeded(answer))
    return {
      status: "inconclusive",
      reason: `answers ${answer.status ?? answer.failure} to a fresh refresh token`,
    };
  const access = await acceptedAt(context, credentials, answer.body, session.token);
  if (access === undefined)
    return { status: "not-applicable", reason: "answers no token that a protected read accepts" };
  return { session, answer, access: access.pointer };
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
  const session = await sessionsFor(context, refresh)();
  const request = refreshRequest(refresh, session);
  const exchanges: Exchange[] = [];
  for (let index = 0; index < REPEATS; index++) {
    // Within a second two successors would look like one.
    if (index > 0 && refresh.ripens) await nextSecond(context);
    exchanges.push(await context.session.send(request));
  }
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

/** Sessions of their own, whose refresh token can be told from its successor. */
function sessionsFor(context: RaceContext, { credentials, ripens }: Refresh): () => Promise<Session> {
  const make = async () => {
    const session = await sessionOf(credentials);
    if (!session) throw new SetupFailed("signing in gave no refresh token");
    return session;
  };
  const ripening = new Ripening(context, make, credentials.fresh);
  return ripens ? () => ripening.next() : make;
}

function onceScenario(context: RaceContext, refresh: Refresh, mode: Mode): OnceScenario {
  const { operation, credentials } = refresh;
  const next = sessionsFor(context, refresh);
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
      const session = await next();
      const grant = { principal: session.principal, request: refreshRequest(refresh, session) };
      sessions.set(grant, session);
      return grant;
    },
    count: async (grant, exchanges) =>
      countSuccessors(context, refresh, sessions.get(grant) as Session, exchanges),
    refused: (grant) => refreshRequest(refresh, { ...(sessions.get(grant) as Session), refresh: GARBAGE }),
    read: (grant) => read((sessions.get(grant) as Session).token),
  };
}
