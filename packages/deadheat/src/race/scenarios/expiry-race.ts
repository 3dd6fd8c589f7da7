import type { Operation } from "../../plan/operation.ts";
import { inTurn } from "../aside.ts";
import type { Authority } from "../authority.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Credentials, type Principal, SetupFailed } from "../credentials/index.ts";
import { refused, succeeded } from "../exchange.ts";
import { setUp } from "../fixture.ts";
import type { Unlearned } from "../learn.ts";
import type { Session } from "../session.ts";
import type { Token } from "../token.ts";
import { volleysAreLetIn } from "./across-end.ts";
import { prepareEndedAuthority } from "./ended-authority.ts";
import type { LearnedScenario } from "./scenario.ts";

/** As short as a token may live and still be used for a call before it ends, s. */
const LIFETIME_S = 2;
const LONGEST_MS = 30_000;
const LONGEST_LEEWAY_MS = 10_000;
const POLL_MS = 100;
/** Around the reckoned end it is looked more often, ms. */
const LOOK_BEFORE_MS = 150;
const CLOSE_POLL_MS = 2;
/** Calls cannot be aimed at ends that are further apart than this, ms: at those of whole seconds, for example. */
const WIDEST_SPREAD_MS = 40;
/** Ends that are told in whole seconds come up to so much earlier than they are reckoned, ms. */
const WHOLE_SECOND_MS = 1000;
const ENDS = 3;
/** Between the ends of two trials, ms. */
const APART_MS = 150;
/** Between the last moment at which a token was ever seen to work and the one that counts as its end, ms. */
const MARGIN_MS = 250;

/**
 * A call under a token that ends by itself while it is under way: no effect may appear once it has ended. Its last byte is
 * held until then; or, since a token is mostly looked at when the body is there, calls leave across the end.
 */
export const expiryRace: LearnedScenario = {
  weakness: "expiry-race",
  learns: "behaviour",
  waits: true,
  async prepare(context, { act }, behaviour) {
    const learned = await learnEnd(context, act.scheme);
    if ("status" in learned) return learned;
    const { leeway, lag, early } = learned;
    // Of several calls each has to show: an addition does, the same value once more does not.
    const additive = lag !== undefined && behaviour.fit.family === "counter";
    const across = additive && (await volleysAreLetIn(context, act, behaviour));
    const turns = turnsOf(context);
    const aim = { earlierMs: 0 };
    const authority: Authority = {
      endedBy: "the token's expiry",
      does: "the token has expired",
      caller: "with the token that ends",
      reader: "with another token",
      summary:
        `The token had expired ${leeway > 0 ? `(and the leeway of ${leeway} ms passed) ` : ""}and the state was read ` +
        "back; then the effect of a call under it appeared.",
      atOnce: 10,
      mostTrials: across ? 30 : 10,
      byItself: across ? "held and across" : "held",
      async begin() {
        const principal = await minted(context, act.scheme);
        const fixture = await setUp(context, act, principal);
        await turns.next();
        const begun = context.clock.now();
        const token = await briefToken(principal);
        if (!token) throw new SetupFailed("no token that ends soon can be had");
        // It may have been issued as soon as it was asked for.
        const took = context.clock.now() - (token.asked ?? begun);
        return {
          fixture: { ...fixture, principal: { ...principal, token } },
          actor: token,
          end: {
            at: token.expires + leeway + MARGIN_MS,
            from: token.expires - took - early,
            ...(lag === undefined ? {} : { about: token.expires + lag, aim }),
          },
          readsBefore: principal.token,
          readsAfter: principal.token,
          partner: principal.token,
          renew: () => setUp(inTurn(context), act, principal),
        };
      },
    };
    return prepareEndedAuthority(context, act, behaviour, authority);
  },
};

/** Of trials side by side each has its end to itself: calls that leave together with others' arrive late. */
class Turns {
  readonly #context: RaceContext;
  #last: Promise<void> = Promise.resolve();

  constructor(context: RaceContext) {
    this.#context = context;
  }

  next(): Promise<void> {
    const { clock, signal } = this.#context;
    const mine = this.#last.catch(() => {}).then(() => clock.sleep(APART_MS, signal));
    this.#last = mine;
    return mine;
  }
}

/** Races of several operations run side by side as well. */
const turnsOfScans = new WeakMap<Session, Turns>();

function turnsOf(context: RaceContext): Turns {
  const turns = turnsOfScans.get(context.session) ?? new Turns(context);
  turnsOfScans.set(context.session, turns);
  return turns;
}

async function minted(context: RaceContext, scheme: string): Promise<Principal> {
  const credentials = context.credentials.get(scheme);
  if (!credentials) throw new SetupFailed(`no credential for ${scheme}`);
  return credentials.mint();
}

/** Its end is known no earlier than it can be: counted from when the answer that gave it was complete. */
async function briefToken(principal: Principal): Promise<(Token & { expires: number }) | undefined> {
  const token = await principal.brief?.(LIFETIME_S);
  return token?.expires === undefined ? undefined : { ...token, expires: token.expires };
}

/** How tokens of one scheme end. */
interface End {
  /** How long after its end a token was seen to work at most, ms. */
  readonly leeway: number;
  /** How long before its end, as it is reckoned, it may stop working, ms. */
  readonly early: number;
  /** How much later than reckoned it stops working, ms, mostly less than 0; absent where that differs widely. */
  readonly lag?: number;
}

/** Learned once for all operations under the credentials of one scan. */
const learned = new WeakMap<Credentials, Promise<End | Unlearned>>();

async function learnEnd(context: RaceContext, scheme: string): Promise<End | Unlearned> {
  const credentials = context.credentials.get(scheme);
  if (!credentials?.probe)
    return { status: "inconclusive", reason: "no protected read tells an expired token from a good one" };
  const known = learned.get(credentials) ?? watchEnds(context, scheme, credentials.probe);
  learned.set(credentials, known);
  // What could not be set up once may be set up the next time.
  known.catch(() => learned.delete(credentials));
  return known;
}

async function watchEnds(context: RaceContext, scheme: string, probe: Operation): Promise<End | Unlearned> {
  const turns = turnsOf(context);
  const watched = await Promise.all(
    Array.from({ length: ENDS }, async () => {
      const principal = await minted(context, scheme);
      await turns.next();
      return watchEnd(context, principal, probe);
    }),
  );
  const seen: Watched[] = [];
  for (const one of watched) {
    if ("status" in one) return one;
    seen.push(one);
  }
  return endOf(seen);
}

/** When a token was seen to end, reckoned from its end as the API tells it, ms. */
interface Watched {
  /** It worked when it was shown then. */
  readonly worked: number;
  /** It did not work any more by then. */
  readonly refused: number;
  /** How long before it was answered it may have been issued. */
  readonly took: number;
  readonly leeway: number;
}

/** What several ends have in common. */
export function endOf(seen: readonly Watched[]): End {
  const leeway = Math.max(0, ...seen.map((one) => one.leeway));
  const lags = seen.map((one) => (one.worked + one.refused) / 2).sort((a, b) => a - b);
  const [first = 0, last = 0] = [lags[0], lags.at(-1)];
  const lag = lags[Math.floor(lags.length / 2)] ?? 0;
  const early = Math.max(0, -first) + WIDEST_SPREAD_MS;
  if (last - first <= WIDEST_SPREAD_MS) return { leeway, early, lag };
  // A busy machine sees late when one ends: all of them may still have lived for the same time.
  const latest = Math.max(...seen.map((one) => one.worked));
  const alike = latest <= Math.min(...seen.map((one) => one.refused + one.took));
  return { leeway, early: Math.max(WHOLE_SECOND_MS, early), ...(alike ? { lag } : {}) };
}

/** Asks with one token until it is refused. */
async function watchEnd(
  { clock, session, signal }: RaceContext,
  principal: Principal,
  probe: Operation,
): Promise<Watched | Unlearned> {
  const begun = clock.now();
  const token = await briefToken(principal);
  if (!token) return { status: "not-applicable", reason: "the API does not say when its tokens end" };
  const { expires, asked = begun } = token;
  const took = clock.now() - asked;
  if (expires - clock.now() > LONGEST_MS)
    return { status: "not-applicable", reason: "no token that ends within 30 s can be had" };
  const works = async () => session.send(compose(probe, { token }));
  let leeway = 0;
  let last = await works();
  if (!succeeded(last))
    return { status: "inconclusive", reason: "a token that ends soon does not work at all" };
  await clock.sleep(Math.max(0, expires - LOOK_BEFORE_MS - clock.now()), signal);
  for (;;) {
    const answer = await works();
    if (refused(answer)) {
      const worked = last.invoke - expires;
      return { leeway, took, worked, refused: (answer.return ?? answer.invoke) - expires };
    }
    // Somewhere on the way it was accepted: no later than the answer.
    last = answer;
    leeway = Math.max(leeway, Math.ceil(clock.now() - expires));
    if (leeway > LONGEST_LEEWAY_MS)
      return { status: "inconclusive", reason: "a token is still accepted 10 s after it has expired" };
    await clock.sleep(clock.now() < expires + LOOK_BEFORE_MS ? CLOSE_POLL_MS : POLL_MS, signal);
  }
}
