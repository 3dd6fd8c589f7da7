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
import type { Token } from "../token.ts";
import { acceptedAt, isAccepted, presentedFor } from "./accepted.ts";
import { prepareCodeEffect } from "./code-effect.ts";
import type { Count } from "./grant.ts";
import { type OnceScenario, prepareOnce } from "./once.ts";
import { preparePasswordReset, takesPassword, withoutCode } from "./password-reset.ts";
import type { OwnScenario } from "./scenario.ts";
import { doubtOf, mayRepeat, nextSecond, Ripening } from "./whole-seconds.ts";

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
    if (found.place === undefined && takesPassword(found.act))
      return preparePasswordReset(context, found.act, found.credentials);
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
  /** A token of the same user differs from the one before it from the next second on. */
  readonly ripens?: true;
}

type Way = Omit<LogIn, "place"> & { readonly place?: string };

/** The scheme whose tokens the operation gives: it names none, being open. The likeliest is tried first. */
async function findLogIn(context: RaceContext, { act }: Candidate): Promise<Way | Unlearned> {
  const schemes = [act.scheme, ...[...context.credentials.keys()].filter((one) => one !== act.scheme)];
  let best: Unlearned | undefined;
  let silent: Way | undefined;
  for (const scheme of schemes) {
    const credentials = context.credentials.get(scheme);
    if (!credentials?.probe) continue;
    if (takesPassword(act) && !credentials.fresh)
      return {
        status: "not-applicable",
        reason: "would change the password of a user that the scan did not make",
      };
    const found = await tryLogIn(context, { act: { ...act, scheme }, credentials });
    if ("status" in found) best ??= found;
    else if (found.place !== undefined) return found;
    else silent ??= found;
  }
  return silent ?? best ?? { status: "inconclusive", reason: `no credential for ${act.scheme}` };
}

/** Redeems a fresh code, and looks for a token in the answer that a protected read accepts. */
async function tryLogIn(context: RaceContext, way: Way): Promise<Way | Unlearned> {
  const { act, credentials, ripens } = way;
  const fixture = await setUp(context, act);
  if (ripens) await nextSecond(context);
  const answer = await context.session.send(redeem(context, act, fixture));
  if (!succeeded(answer))
    return {
      status: "inconclusive",
      reason: `answers ${answer.status ?? answer.failure} to a fresh code`,
    };
  const own = fixture.principal.token;
  const found = await acceptedAt(context, credentials, answer.body, own);
  if (found && found.value !== own.value) return { ...way, place: found.pointer };
  // The only token of its user, or one of the same second.
  return found && !ripens && mayRepeat(own.value) ? tryLogIn(context, { ...way, ripens: true }) : way;
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
  for (let index = 0; index < REPEATS; index++) {
    // Within a second two sessions would look like one.
    if (logIn.ripens) await nextSecond(context);
    exchanges.push(await context.session.send(request));
  }
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
  const ripening = new Ripening(context, () => setUp(context, act), credentials.fresh);
  const probe = credentials.probe as Operation;
  return {
    operation: act.operation,
    observer: probe,
    does: "log in with the code",
    grantWords: "one code",
    controls: ["one at a time, one code opens one session"],
    changesLogin: takesPassword(act),
    async grant() {
      const fixture = await (logIn.ripens ? ripening.next() : setUp(context, act));
      return { principal: fixture.principal, request: redeem(context, act, fixture) };
    },
    count: (grant, exchanges) => countSessions(context, logIn, grant.principal.token, exchanges),
    refused: (grant) => redeem(context, act, withoutCode(act, grant)),
    read: ({ principal: { token } }) =>
      compose(probe, { token, bindings: Object.fromEntries(probe.pathParameters.map((one) => [one, "0"])) }),
  };
}

/** Distinct tokens of the answers that a protected read accepts. */
async function countSessions(
  context: RaceContext,
  { credentials, place }: LogIn,
  own: Token,
  exchanges: readonly Exchange[],
): Promise<Count | undefined> {
  const tokenOf = (exchange: Exchange) => {
    const value = succeeded(exchange) ? getAt(exchange.body, place) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const doubt = doubtOf(exchanges.map(tokenOf));
  const seen = new Set<unknown>([own.value]);
  const lives: boolean[] = [];
  const alive: Token[] = [];
  for (const exchange of exchanges) {
    const value = tokenOf(exchange);
    if (value === undefined || seen.has(value)) {
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
    ...(doubt === undefined ? {} : { doubt }),
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
