import { namesEndOfSession } from "../../plan/names.ts";
import type { Operation } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { inTurn } from "../aside.ts";
import type { Authority, AuthorityCase } from "../authority.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { setUp } from "../fixture.ts";
import { learnRevoker, type Revoker, revokersOf, singleToken, tokenPair } from "../revocation.ts";
import { prepareEndedAuthority } from "./ended-authority.ts";
import type { LearnedScenario } from "./scenario.ts";

/** A call under a token, and the revocation of that token on its way: nothing may show after the acknowledgement. */
export const revocationRace: LearnedScenario = {
  weakness: "revocation-race",
  learns: "behaviour",
  async prepare(context, { act, rivals }, behaviour) {
    const revoker = await learnRevoker(
      context,
      act,
      revokersOf(context, act.scheme, rivals ?? []),
      behaviour.fit.gauge,
    );
    if ("status" in revoker) return revoker;
    const authority: Authority = {
      endedBy: revoker.name,
      does: "revoke token A",
      caller: "with token A",
      reader: "with token B",
      takesMore: removesUser(revoker.operation),
      summary:
        `${revoker.name} was acknowledged and the state read back unchanged; then the effect of a call ` +
        "under the revoked token appeared.",
      async begin() {
        const pair = await tokenPair(context, act.scheme);
        if (!pair) return withOneToken(context, act, revoker);
        const { principal, other } = pair;
        return {
          fixture: await setUp(context, act, principal),
          actor: principal.token,
          end: await revoker.request(principal, principal.token),
          readsBefore: other,
          readsAfter: other,
          partner: other,
          renew: () => setUp(inTurn(context), act, { ...principal, token: other }),
        };
      },
    };
    return prepareEndedAuthority(context, act, behaviour, authority);
  },
};

function removesUser(operation: Operation | undefined): boolean {
  return operation?.method === "DELETE" && !namesEndOfSession(operation.words);
}

/** Reads before the end with the token that is to be revoked, and after it with the one that follows it. */
async function withOneToken(context: RaceContext, act: Act, revoker: Revoker): Promise<AuthorityCase> {
  const single = await singleToken(context, act.scheme);
  if (!single) throw new SetupFailed("no second token of the same principal can be had to read with");
  const { principal, again } = single;
  return {
    fixture: await setUp(context, act, principal),
    actor: principal.token,
    end: await revoker.request(principal, principal.token),
    readsBefore: principal.token,
    readsAfter: again,
    renew: () => setUp(inTurn(context), act, principal),
  };
}
