import { type Operation, operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { inTurn } from "../aside.ts";
import type { Authority } from "../authority.ts";
import { amountsOf, call } from "../call.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Principal, SetupFailed } from "../credentials/index.ts";
import { refused, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { identifiersOf, naming, type PersonPlace, personPlaces } from "../identity.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { readGauge } from "../observe.ts";
import { prepareEndedAuthority } from "./ended-authority.ts";
import type { LearnedScenario } from "./scenario.ts";

/** A change by the owner, and the object given away while it is under way: it may not reach the new owner's object. */
export const ownershipRace: LearnedScenario = {
  weakness: "ownership-race",
  learns: "behaviour",
  async prepare(context, { act, rivals }, behaviour) {
    if ((context.credentials.get(act.scheme)?.users ?? 0) < 2)
      return { status: "inconclusive", reason: "no second principal can be had to give the object to" };
    const handover = await learnHandover(context, act, rivals ?? [], behaviour);
    if ("status" in handover) return handover;
    const { rival } = handover;
    const authority: Authority = {
      endedBy: operationName(rival),
      does: "give the object to another principal",
      caller: "as the old owner",
      reader: "as the new owner",
      takesMore: true,
      summary:
        `${operationName(rival)} was acknowledged and the new owner read the object unchanged; then a change by the ` +
        "old owner appeared in it.",
      async begin() {
        const { owner, other, fixture } = await ownerAndOther(context, act);
        const identifier = (await identifiersOf(context, act.scheme, other)).get(handover.identifier);
        if (identifier === undefined) throw new SetupFailed(`no ${handover.identifier} of the new owner`);
        return {
          fixture,
          actor: owner.token,
          end: give(handover, fixture, owner, identifier, context.uuid()),
          readsBefore: owner.token,
          readsAfter: other.token,
          renew: () => setUp(inTurn(context), act, owner),
        };
      },
    };
    return prepareEndedAuthority(context, act, behaviour, authority);
  },
};

interface Handover {
  readonly rival: Operation;
  readonly place: PersonPlace;
  /** Which of a principal's identifiers the place asks for. */
  readonly identifier: string;
}

async function ownerAndOther(context: RaceContext, act: Act) {
  const credentials = context.credentials.get(act.scheme);
  if (!credentials) throw new SetupFailed(`no credential for ${act.scheme}`);
  const owner = await credentials.mint(0);
  const other = await credentials.mint(1);
  return { owner, other, fixture: await setUp(context, act, owner) };
}

function give(
  { rival, place }: Pick<Handover, "rival" | "place">,
  fixture: Fixture,
  owner: Principal,
  identifier: string,
  fresh: string,
) {
  const { bindings, values } = naming(place, identifier);
  return compose(rival, {
    bindings: { ...fixture.bindings, ...bindings },
    values,
    token: owner.token,
    fresh,
  });
}

/**
 * Finds the operation after which the old owner is refused and the new one reads: the other must have been
 * refused before, else nothing depends on who owns the object.
 */
async function learnHandover(
  context: RaceContext,
  act: Act,
  rivals: readonly Operation[],
  { fit }: Behaviour,
): Promise<Handover | Unlearned> {
  const tried: string[] = [];
  for (const rival of rivals) {
    for (const place of personPlaces(rival, act.operation.pathParameters)) {
      const names = [
        ...(await identifiersOf(context, act.scheme, (await ownerAndOther(context, act)).other)).keys(),
      ];
      for (const identifier of names) {
        const { owner, other, fixture } = await ownerAndOther(context, act);
        const value = (await identifiersOf(context, act.scheme, other)).get(identifier) ?? "";
        const as = (principal: Principal, amount: number) =>
          context.session.send(call(context, act, fixture, amountsOf(act, amount), principal.token));
        if (!refused(await as(other, 1))) return OPEN_TO_ALL;
        if (!succeeded(await as(owner, 2))) return NOT_THE_OWNERS;
        const given = await context.session.send(
          give({ rival, place }, fixture, owner, value, context.uuid()),
        );
        if (!succeeded(given)) {
          tried.push(`${operationName(rival)} answers ${given.status ?? given.failure}`);
          continue;
        }
        const { value: read } = await readGauge(context, fit.gauge, fixture, other.token);
        if (refused(await as(owner, 3)) && read !== undefined) return { rival, place, identifier };
        tried.push(`${operationName(rival)} leaves the object to who had it`);
      }
    }
  }
  const reason = `nothing was found that gives the object away: ${[...new Set(tried)].join("; ")}`;
  return { status: "not-applicable", reason };
}

const OPEN_TO_ALL: Unlearned = {
  status: "not-applicable",
  reason: "another principal may call it on the same object: it does not depend on who owns it",
};
const NOT_THE_OWNERS: Unlearned = {
  status: "inconclusive",
  reason: "the principal that made the object may not call it",
};
