import { type Operation, operationName, type Slot } from "../../plan/operation.ts";
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
import type { Unlearned } from "../learn.ts";
import { prepareEndedAuthority } from "./ended-authority.ts";
import type { LearnedScenario } from "./scenario.ts";

/** A privileged call, and the role behind it taken away while it is under way. */
export const demotionRace: LearnedScenario = {
  weakness: "demotion-race",
  learns: "behaviour",
  async prepare(context, { act, rivals }, behaviour) {
    if ((context.credentials.get(act.scheme)?.users ?? 0) < 2)
      return { status: "inconclusive", reason: "no second principal can be had to give a role to" };
    const ladder = await learnLadder(context, act, rivals ?? []);
    if ("status" in ladder) return ladder;
    const { rival, allowed, denied } = ladder;
    const authority: Authority = {
      endedBy: operationName(rival),
      does: `make the caller ${String(denied)}`,
      caller: `as ${String(allowed)}`,
      reader: "as who gave the role",
      takesMore: true,
      summary:
        `${operationName(rival)} (${String(allowed)} → ${String(denied)}) was acknowledged and the state read back ` +
        "unchanged; then the effect of a call under the old role appeared.",
      async begin() {
        const people = await giverAndMember(context, act);
        const identifier = (await identifiersOf(context, act.scheme, people.member)).get(ladder.identifier);
        if (identifier === undefined) throw new SetupFailed(`no ${ladder.identifier} of the member`);
        const grantOn = async (fixture: Fixture) => {
          if (ladder.admission) await admit(context, ladder.admission, fixture, people, identifier);
          const granted = await context.session.send(
            roleRequest(context, ladder, fixture, people.giver, identifier, allowed),
          );
          if (!succeeded(granted))
            throw new SetupFailed(`${operationName(rival)} answered ${granted.status ?? granted.failure}`);
          return fixture;
        };
        const { giver, member } = people;
        const fixture = await grantOn(people.fixture);
        return {
          fixture,
          actor: member.token,
          end: roleRequest(context, ladder, fixture, giver, identifier, denied),
          readsBefore: giver.token,
          readsAfter: giver.token,
          partner: giver.token,
          renew: async () => grantOn(await setUp(inTurn(context), act, giver)),
        };
      },
    };
    return prepareEndedAuthority(context, act, behaviour, authority);
  },
};

interface Ladder {
  readonly rival: Operation;
  readonly place: PersonPlace;
  readonly role: Slot;
  readonly identifier: string;
  /** Where only a member can be given another role: how one becomes a member. */
  readonly admission?: Admission;
  /** A role that may make the call, and one that may not. */
  readonly allowed: unknown;
  readonly denied: unknown;
}

/** `POST /teams/{id}/members` beside `PUT /teams/{id}/members/{username}`. */
type Admission = Pick<Ladder, "rival" | "place">;

async function giverAndMember(context: RaceContext, act: Act) {
  const credentials = context.credentials.get(act.scheme);
  if (!credentials) throw new SetupFailed(`no credential for ${act.scheme}`);
  const giver = await credentials.mint(0);
  const member = await credentials.mint(1);
  return { giver, member, fixture: await setUp(context, act, giver) };
}

function roleRequest(
  context: RaceContext,
  { rival, place, role }: Pick<Ladder, "rival" | "place" | "role">,
  fixture: Fixture,
  giver: Principal,
  identifier: string,
  value: unknown,
) {
  const { bindings, values } = naming(place, identifier);
  return compose(rival, {
    bindings: { ...fixture.bindings, ...bindings },
    values: { ...values, [role.pointer]: value },
    token: giver.token,
    fresh: context.uuid(),
  });
}

async function admit(
  context: RaceContext,
  { rival, place }: Admission,
  fixture: Fixture,
  { giver }: { readonly giver: Principal },
  identifier: string,
): Promise<void> {
  const { bindings, values } = naming(place, identifier);
  const admitted = await context.session.send(
    compose(rival, {
      bindings: { ...fixture.bindings, ...bindings },
      values,
      token: giver.token,
      fresh: context.uuid(),
    }),
  );
  if (!succeeded(admitted))
    throw new SetupFailed(`${operationName(rival)} answered ${admitted.status ?? admitted.failure}`);
}

const MOST_ADMISSIONS = 2;

/** Operations that may make somebody a member; what adds to the collection that `rival` changes an entry of comes first. */
function admissionsBeside(rival: Operation, act: Act, rivals: readonly Operation[]): Admission[] {
  const holds = (one: Operation) => Number(rival.path.startsWith(`${one.path.replace(/\/+$/, "")}/`));
  return rivals
    .filter((one) => one.id !== rival.id && one.id !== act.operation.id && one.method === "POST")
    .sort((a, b) => holds(b) - holds(a))
    .flatMap((one) => personPlaces(one, act.operation.pathParameters).map((place) => ({ rival: one, place })))
    .slice(0, MOST_ADMISSIONS);
}

/** Tries every role of the document on a member: which let it make the call, and which do not? */
async function learnLadder(
  context: RaceContext,
  act: Act,
  rivals: readonly Operation[],
): Promise<Ladder | Unlearned> {
  const tried: string[] = [];
  for (const rival of rivals) {
    for (const role of (rival.body?.slots ?? []).filter((slot) => (slot.values?.length ?? 0) > 1)) {
      for (const place of personPlaces(rival, act.operation.pathParameters)) {
        for (const admission of [undefined, ...admissionsBeside(rival, act, rivals)]) {
          const people = await giverAndMember(context, act);
          for (const [identifier, value] of await identifiersOf(context, act.scheme, people.member)) {
            const rung = { rival, place, role, identifier, ...(admission ? { admission } : {}) };
            const found = await climb(context, act, rung, { ...people, value });
            if (found) return { ...rung, ...found };
          }
        }
        tried.push(
          `${operationName(rival)} with ${role.pointer}: no role lets a member call it and another not`,
        );
      }
    }
  }
  return { status: "not-applicable", reason: tried.join("; ") || "the document shows no roles to give" };
}

async function climb(
  context: RaceContext,
  act: Act,
  rung: Omit<Ladder, "allowed" | "denied">,
  who: { giver: Principal; member: Principal; fixture: Fixture; value: string },
): Promise<Pick<Ladder, "allowed" | "denied"> | undefined> {
  const { giver, member, fixture, value } = who;
  try {
    if (rung.admission) await admit(context, rung.admission, fixture, who, value);
  } catch (error) {
    if (error instanceof SetupFailed) return undefined;
    throw error;
  }
  let allowed: unknown;
  let denied: unknown;
  for (const role of rung.role.values ?? []) {
    const given = await context.session.send(roleRequest(context, rung, fixture, giver, value, role));
    if (!succeeded(given)) continue;
    const acted = await context.session.send(call(context, act, fixture, amountsOf(act, 1), member.token));
    if (succeeded(acted)) allowed ??= role;
    else if (refused(acted)) denied ??= role;
  }
  return allowed === undefined || denied === undefined ? undefined : { allowed, denied };
}
