import type { Act } from "../plan/plan.ts";
import type { Schedule } from "../plan/schedule.ts";
import { amountsOf, call } from "./call.ts";
import type { RaceContext } from "./context.ts";
import { succeeded } from "./exchange.ts";
import type { Fit } from "./families/index.ts";
import { type Fixture, setUp } from "./fixture.ts";
import { readGauge } from "./observe.ts";
import { sendTogether } from "./together.ts";
import type { Transport } from "./transport/index.ts";

const ROUNDS = 3;
const MOST = 10;

/**
 * Whether as many calls at once take effect where each is on an object of its own, of one principal where the
 * operation has objects. What is lost there as well is not lost by a race: a limiter that answers 200 without doing
 * anything looks like that. Only an effect that is missing altogether counts.
 */
export async function takesEffectApart(
  context: RaceContext,
  act: Act,
  fit: Fit,
  { amount, requests }: Schedule,
  transport: Transport,
  visibilityMs: number,
): Promise<boolean> {
  const amounts = amountsOf(act, amount);
  for (let round = 0; round < ROUNDS; round++) {
    const fixtures: Fixture[] = [];
    const hasObjects = act.links.length + act.references.length > 0;
    for (let index = 0; index < Math.min(requests, MOST); index++)
      fixtures.push(await setUp(context, act, hasObjects ? fixtures[0]?.principal : undefined));
    const before: (number | undefined)[] = [];
    for (const fixture of fixtures) before.push((await readGauge(context, fit.gauge, fixture)).value);
    const scheduled = fixtures.map((fixture) => ({
      request: call(context, act, fixture, amounts),
      offsetMs: 0,
    }));
    const { exchanges } = await sendTogether(context, transport, scheduled);
    if (visibilityMs > 0) await context.clock.sleep(5 * visibilityMs, context.signal);
    for (const [index, fixture] of fixtures.entries()) {
      const exchange = exchanges[index];
      const { value } = await readGauge(context, fit.gauge, fixture);
      if (exchange && succeeded(exchange) && value !== undefined && value === before[index]) return false;
    }
  }
  return true;
}
