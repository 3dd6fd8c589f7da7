import type { Authority } from "../authority.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Principal, SetupFailed } from "../credentials/index.ts";
import { refused, succeeded } from "../exchange.ts";
import { setUp } from "../fixture.ts";
import type { Unlearned } from "../learn.ts";
import type { Token } from "../token.ts";
import { prepareEndedAuthority } from "./ended-authority.ts";
import type { LearnedScenario } from "./scenario.ts";

/** As short as a token may live and still be used for a call before it ends, s. */
const LIFETIME_S = 2;
const LONGEST_MS = 30_000;
const LONGEST_LEEWAY_MS = 10_000;
const POLL_MS = 100;
const LEEWAYS = 2;
/** Between the last moment at which a token was ever seen to work and the one that counts as its end, ms. */
const MARGIN_MS = 250;

/** A call under a token that ends by itself while it is under way: no effect may appear once it has ended. */
export const expiryRace: LearnedScenario = {
  weakness: "expiry-race",
  learns: "behaviour",
  async prepare(context, { act }, behaviour) {
    const leeway = await learnLeeway(context, act.scheme);
    if (typeof leeway !== "number") return leeway;
    const authority: Authority = {
      endedBy: "the token's expiry",
      does: "the token has expired",
      caller: "with the token that ends",
      reader: "with another token",
      summary:
        `The token had expired ${leeway > 0 ? `(and the leeway of ${leeway} ms passed) ` : ""}and the state was read ` +
        "back unchanged; then the effect of a call under it appeared.",
      atOnce: 10,
      mostTrials: 10,
      heldOnly: true,
      async begin() {
        const principal = await minted(context, act.scheme);
        const fixture = await setUp(context, act, principal);
        const token = await briefToken(principal);
        if (!token) throw new SetupFailed("no token that ends soon can be had");
        return {
          fixture: { ...fixture, principal: { ...principal, token } },
          actor: token,
          end: { at: token.expires + leeway + MARGIN_MS },
          readsBefore: principal.token,
          readsAfter: principal.token,
          partner: principal.token,
          renew: () => setUp(context, act, principal),
        };
      },
    };
    return prepareEndedAuthority(context, act, behaviour, authority);
  },
};

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

/** How long after its end a token still works, ms; or why that cannot be told. */
async function learnLeeway(context: RaceContext, scheme: string): Promise<number | Unlearned> {
  const probe = context.credentials.get(scheme)?.probe;
  if (!probe)
    return { status: "inconclusive", reason: "no protected read tells an expired token from a good one" };
  let leeway = 0;
  for (let index = 0; index < LEEWAYS; index++) {
    const token = await briefToken(await minted(context, scheme));
    if (!token) return { status: "not-applicable", reason: "the API does not say when its tokens end" };
    const { now } = context.clock;
    if (token.expires - now() > LONGEST_MS)
      return { status: "not-applicable", reason: "no token that ends within 30 s can be had" };
    const works = async () => context.session.send(compose(probe, { token }));
    if (!succeeded(await works()))
      return { status: "inconclusive", reason: "a token that ends soon does not work at all" };
    await context.clock.sleep(Math.max(0, token.expires - now()), context.signal);
    while (!refused(await works())) {
      // Somewhere on the way it was accepted: no later than the answer.
      leeway = Math.max(leeway, Math.ceil(now() - token.expires));
      if (leeway > LONGEST_LEEWAY_MS)
        return { status: "inconclusive", reason: "a token is still accepted 10 s after it has expired" };
      await context.clock.sleep(POLL_MS, context.signal);
    }
  }
  return leeway;
}
