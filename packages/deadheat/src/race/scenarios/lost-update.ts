import { type CounterInput, counter } from "@deadheat/oracle";
import type { Act, Candidate } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { besidePair } from "../pairs/beside.ts";
import { conditionalPair } from "../pairs/conditional.ts";
import { takingTurns } from "../pairs/in-turn.ts";
import { type Pair, preparePair } from "../pairs/index.ts";
import { mergePair } from "../pairs/merge.ts";
import { wholePair } from "../pairs/whole.ts";
import { difference } from "../round.ts";
import { prepareBurst } from "./burst.ts";
import type { LearnedScenario, Prepared } from "./scenario.ts";

const FOREIGN = "the value changed by what the calls cannot have added: something else changes it too";

/** N additions together have to add up, and no write may put back what another one wrote. */
export const lostUpdate: LearnedScenario = {
  weakness: "lost-update",
  learns: "behaviour",
  async prepare(context, candidate, behaviour) {
    const { act } = candidate;
    const pairs = await preparePairs(context, candidate);
    if (behaviour.fit.family !== "counter" && behaviour.fit.family !== "transfer")
      return (
        takingTurns(pairs) ?? {
          status: "not-applicable",
          reason: `it is no counter: ${behaviour.fit.words}`,
        }
      );
    const added = await prepareAdditions(context, act, behaviour);
    if ("status" in added) return takingTurns(pairs) ?? added;
    return takingTurns(pairs, added) ?? added;
  },
  unlearned: async (context, candidate, why) => takingTurns(await preparePairs(context, candidate)) ?? why,
};

function prepareAdditions(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
): Promise<Prepared | Unlearned> {
  const model = counter();
  return prepareBurst<CounterInput>(context, act, behaviour, {
    model,
    modelName: "counter",
    input: (effect) => ({ type: "add", amount: effect }),
    read: { type: "read" },
    output: (change) => change,
    // Who loses an update writes an old value and its own amount: a whole number of amounts, at least one.
    foreign(change, effect, { exchanges }) {
      const took = Math.round((change / effect) * 1e6) / 1e6;
      if (!Number.isInteger(took) || took > exchanges.length || took < 0) return FOREIGN;
      return took === 0 && exchanges.some(succeeded) ? "nothing of what was acknowledged showed" : undefined;
    },
    losesEffects: true,
    does: (effect) => `add ${effect}`,
    judge: (history) => judge(context.clock, model, history),
    summary(round, effect) {
      const acknowledged = round.exchanges.filter(succeeded).length;
      return (
        `${acknowledged} acknowledged × ${effect} ` +
        `should add ${Number((acknowledged * effect).toFixed(6))}; the value read back rose by ${difference(round)}.`
      );
    },
  });
}

/** Writes that are no additions: of one version, of different fields, beside another write, of the whole object. */
async function preparePairs(context: RaceContext, { act, rivals = [] }: Candidate): Promise<Prepared[]> {
  const makers: (() => Promise<Pair | undefined> | Pair | undefined)[] = [
    () => conditionalPair(context, act),
    () => mergePair(context, act),
    ...rivals.map((rival) => () => besidePair(context, act, rival)),
    () => wholePair(context, act),
  ];
  const prepared: Prepared[] = [];
  for (const make of makers) {
    const pair = await make();
    const ready = pair && (await preparePair(context, act.scheme, pair));
    if (ready && !("status" in ready)) prepared.push(ready);
  }
  return prepared;
}
