import { succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { type Proof, type Suspicion, TRIES, unclear } from "./proof.ts";
import { callWith, recorded, type Scene } from "./scene.ts";
import { holds, leavesIn, namesOf, ownData } from "./shown.ts";

/** A read that shows nobody anything of their own. */
export const ALIKE = "it answers everybody alike";

/**
 * Whether a read that let a credential in shows what only the owner is shown. Three rounds of owner, somebody
 * else, suspect: what all rounds of the owner show and none of somebody else's has to be in all of the
 * suspect's. A page with an error, and a list that is empty for strangers, is not that.
 */
export async function readProof(suspicion: Suspicion, fixture: Fixture): Promise<Proof> {
  const { scene, act, presented, good, shownBefore } = suspicion;
  const contrast = await contrastFor(scene, suspicion);
  if (!contrast) return unclear("there is nobody else to compare the answer with");
  const shown: unknown[] = shownBefore ? [shownBefore.body] : [];
  const contrasts: unknown[] = [];
  const suspects = [];
  for (let round = 0; round < TRIES; round++) {
    if (good) {
      const answer = await scene.caller.send(callWith(scene, act, fixture, good));
      if (!succeeded(answer))
        return unclear(`the good token was answered ${answer.status ?? answer.failure}`);
      shown.push(answer.body);
    }
    const others = await scene.context.session.send(callWith(scene, act, contrast.fixture, contrast.token));
    if (!succeeded(others))
      return unclear(`another good token was answered ${others.status ?? others.failure}`);
    contrasts.push(others.body);
    suspects.push(await scene.caller.send(callWith(scene, act, fixture, presented)));
  }
  if (good) shown.push((await scene.caller.send(callWith(scene, act, fixture, good))).body);
  const data = ownData(shown, contrasts, Object.values(fixture.bindings));
  const names = namesOf(data.own);
  const reached = suspects.map((one) => succeeded(one) && holds(data, one.body));
  const exchanges = suspects.map((one, index) =>
    recorded(scene, one, presented.does, reached[index] ? names : undefined),
  );
  const compared = good ? `${shown.length} reads under a good token of the same principal` : "a read before";
  const controls = [
    `${compared} showed the same, and ${contrasts.length} of ${contrast.whose} other values in the same places`,
    `${reached.filter(Boolean).length} of ${TRIES} answers held all of it`,
  ];
  if (data.own.size === 0) {
    const alike = suspects.every((one) =>
      [...data.stable].every(([key, value]) => leavesIn(one.body).get(key) === value),
    );
    return { answer: "withheld", exchanges, controls, note: alike ? ALIKE : "without the owner's data" };
  }
  if (reached.every(Boolean)) return { answer: "accepted", exchanges, controls, note: `shows ${names}` };
  if (reached.some(Boolean)) return unclear("the answers do not agree");
  return { answer: "withheld", exchanges, controls, note: "without the owner's data" };
}

/** Somebody else's own; else, of a read that names an object, another object of the same owner's. */
async function contrastFor({ context, other, owner }: Scene, { act }: Suspicion) {
  if (other)
    return { fixture: await setUp(context, act, other), token: other.token, whose: "another user's" };
  if (act.links.length === 0) return undefined;
  return { fixture: await setUp(context, act, owner), token: owner.token, whose: "another object's" };
}
