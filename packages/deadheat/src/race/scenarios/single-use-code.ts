import type { Operation } from "../../plan/operation.ts";
import type { Act, Candidate } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import type { Credentials } from "../credentials/index.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import type { Unlearned } from "../learn.ts";
import { getAt } from "../pointer.ts";
import { GARBAGE, type Token } from "../token.ts";
import { acceptedAt, isAccepted, presentedFor } from "./accepted.ts";
import { prepareCodeEffect } from "./code-effect.ts";
import type { Count, Grant } from "./grant.ts";
import { type OnceScenario, prepareOnce } from "./once.ts";
import type { OwnScenario } from "./scenario.ts";

/**
 * One code, many log-ins with it (RFC 6749 §4.1.2, ASVS 6.5.1): no more than one session may live. Where no token
 * comes back, its effect is counted in what a read shows.
 */
export const singleUseCode: OwnScenario = {
  weakness: "single-use-code",
  learns: "itself",
  async prepare(context, candidate) {
    const found = await findLogIn(context, candidate);
    if ("status" in found) return found;
    if (found.place === undefined) return prepareCodeEffect(context, found.act);
    const logIn = { ...found, place: found.place };
    const twice = await worksTwice(context, logIn);
    return twice ?? prepareOnce(context, onceScenario(context, logIn));
  },
};

/** How a code lets in, and where the answer holds the token. */
interface LogIn {
  readonly act: Act;
  readonly credentials: Credentials;
  readonly place: string;
}

/** The scheme whose tokens the operation gives: it names none, being open. The likeliest is tried first. */
async function findLogIn(
  context: RaceContext,
  { act }: Candidate,
): Promise<(Omit<LogIn, "place"> & { readonly place?: string }) | Unlearned> {
  const schemes = [act.scheme, ...[...context.credentials.keys()].filter((one) => one !== act.scheme)];
  let best: Unlearned | undefined;
  let silent: Omit<LogIn, "place"> | undefined;
  for (const scheme of schemes) {
    const credentials = context.credentials.get(scheme);
    if (!credentials?.probe) continue;
    const under = { ...act, scheme };
    const fixture = await setUp(context, under);
    const answer = await context.session.send(redeem(context, under, fixture));
    if (!succeeded(answer)) {
      best ??= {
        status: "inconclusive",
        reason: `answers ${answer.status ?? answer.failure} to a fresh code`,
      };
      continue;
    }
    const place = await acceptedAt(context, credentials, answer.body, fixture.principal.token);
    if (place !== undefined) return { act: under, credentials, place };
    silent ??= { act: under, credentials };
  }
  return silent ?? best ?? { status: "inconclusive", reason: `no credential for ${act.scheme}` };
}

function redeem(context: RaceContext, act: Act, fixture: Fixture) {
  return call(context, act, fixture, amountsOf(act, 1));
}

const REPEATS = 3;

/** A code that lets in twice one at a time is worse than a race, and none. */
async function worksTwice(context: RaceContext, logIn: LogIn): Promise<Unlearned | undefined> {
  const fixture = await setUp(context, logIn.act);
  const request = redeem(context, logIn.act, fixture);
  const exchanges: Exchange[] = [];
  for (let index = 0; index < REPEATS; index++) exchanges.push(await context.session.send(request));
  const count = await countSessions(context, logIn, fixture.principal.token, exchanges);
  const lives = count?.lives.filter(Boolean).length ?? 0;
  if (lives <= 1) return undefined;
  return {
    status: "inconclusive",
    reason: `no race: one at a time as well, one code opened ${lives} sessions in ${REPEATS} tries`,
  };
}

function onceScenario(context: RaceContext, logIn: LogIn): OnceScenario {
  const { act, credentials } = logIn;
  const probe = credentials.probe as Operation;
  return {
    operation: act.operation,
    observer: probe,
    does: "log in with the code",
    grantWords: "one code",
    controls: ["one at a time, one code opens one session"],
    remarks: [],
    changesLogin: act.operation.body?.slots.some((slot) => slot.secret && slot.required) === true,
    async grant() {
      const fixture = await setUp(context, act);
      return { principal: fixture.principal, request: redeem(context, act, fixture) };
    },
    count: (grant, exchanges) => countSessions(context, logIn, grant.principal.token, exchanges),
    refused: (grant) => redeem(context, act, withoutCode(act, grant)),
    read: ({ principal: { token } }) =>
      compose(probe, { token, bindings: Object.fromEntries(probe.pathParameters.map((one) => [one, "0"])) }),
  };
}

/** Names objects that do not exist: refused before any work is done. */
function withoutCode({ operation, references }: Act, { principal }: Grant): Fixture {
  const names = [...operation.pathParameters, ...references.map((one) => one.parameter)];
  return { principal, bindings: Object.fromEntries(names.map((one) => [one, GARBAGE])), texts: {} };
}

/** Distinct tokens of the answers that a protected read accepts. */
async function countSessions(
  context: RaceContext,
  { credentials, place }: LogIn,
  own: Token,
  exchanges: readonly Exchange[],
): Promise<Count | undefined> {
  const seen = new Set<unknown>([own.value]);
  const lives: boolean[] = [];
  const alive: Token[] = [];
  for (const exchange of exchanges) {
    const value = succeeded(exchange) ? getAt(exchange.body, place) : undefined;
    if (typeof value !== "string" || seen.has(value)) {
      lives.push(false);
      continue;
    }
    seen.add(value);
    const token = presentedFor(credentials, value, own);
    const accepted = await isAccepted(context, credentials, token);
    if (accepted === undefined) return undefined;
    lives.push(accepted);
    if (accepted) alive.push(token);
  }
  return {
    lives,
    words: `${alive.length} ${alive.length === 1 ? "session lives" : "sessions live"}`,
    async again() {
      let still = 0;
      for (const token of alive) {
        const accepted = await isAccepted(context, credentials, token);
        if (accepted === undefined) return undefined;
        if (accepted) still++;
      }
      return still;
    },
  };
}
