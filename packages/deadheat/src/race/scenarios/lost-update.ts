import { type CounterInput, counter } from "@deadheat/oracle";
import { succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import { difference } from "../round.ts";
import { prepareBurst } from "./burst.ts";
import type { LearnedScenario } from "./scenario.ts";

const FOREIGN = "the value changed by what the calls cannot have added: something else changes it too";

/** N additions together; the final value must be the sum of those that were acknowledged. */
export const lostUpdate: LearnedScenario = {
  weakness: "lost-update",
  learns: "behaviour",
  async prepare(context, { act }, behaviour) {
    if (behaviour.fit.family !== "counter" && behaviour.fit.family !== "transfer")
      return { status: "not-applicable", reason: `it is no counter: ${behaviour.fit.words}` };
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
        return took === 0 && exchanges.some(succeeded)
          ? "nothing of what was acknowledged showed"
          : undefined;
      },
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
  },
};
