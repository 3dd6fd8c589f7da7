import { type CounterInput, counter } from "@deadheat/oracle";
import { succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import { difference } from "../round.ts";
import { prepareBurst } from "./burst.ts";
import type { Scenario } from "./scenario.ts";

/** N additions together; the final value must be the sum of those that were acknowledged. */
export const lostUpdate: Scenario = {
  weakness: "lost-update",
  async prepare(context, { act }, behaviour) {
    if (behaviour.fit.family !== "counter")
      return { status: "not-applicable", reason: `it is no counter: ${behaviour.fit.words}` };
    const model = counter();
    return prepareBurst<CounterInput>(context, act, behaviour, {
      model,
      modelName: "counter",
      input: (effect) => ({ type: "add", amount: effect }),
      read: { type: "read" },
      output: (change) => change,
      does: (effect) => `add ${effect}`,
      judge: (history) => judge(context.clock, model, history),
      summary(round, effect) {
        const acknowledged = round.exchanges.filter(succeeded).length;
        return (
          `${round.exchanges.length} concurrent requests, one token: ${acknowledged} acknowledged × ${effect} ` +
          `should add ${Number((acknowledged * effect).toFixed(6))}; the value read back rose by ${difference(round)}.`
        );
      },
    });
  },
};
