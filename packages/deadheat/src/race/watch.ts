import type { Act } from "../plan/plan.ts";
import type { RaceContext } from "./context.ts";
import type { Fixture } from "./fixture.ts";
import { type Gauge, readAllGauges } from "./observe.ts";

/** An effect that has not shown by then is none. */
export const VISIBLE_WITHIN_MS = 800;
const POLL_MS = 10;
const SLOWEST_POLL_MS = 100;

/** What every gauge shows before anything is called; those that move by themselves tell nothing. */
export async function idle(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  gauges: Map<string, Gauge>,
): Promise<Map<string, number>> {
  const first = await readAllGauges(context, act, fixture);
  await context.clock.sleep(POLL_MS, context.signal);
  const second = await readAllGauges(context, act, fixture);
  for (const [key, { gauge, value }] of second) if (first.get(key)?.value === value) gauges.set(key, gauge);
  return valuesOf(second, gauges);
}

/** Reads after a call. The first call waits for its effect to show; later ones wait as long as that took, and more. */
export async function settled(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  before: ReadonlyMap<string, number>,
  first: boolean,
  visibilityMs: number,
) {
  if (!first && visibilityMs > 0) await context.clock.sleep(visibilityMs * 5, context.signal);
  const start = context.clock.now();
  for (let attempt = 0; ; attempt++) {
    const asked = context.clock.now();
    const gauges = await readAllGauges(context, act, fixture);
    const values = new Map([...gauges].map(([key, { value }]) => [key, value]));
    // A slow read is no delay: what the first one shows was there when it was asked.
    if (!first || changed(before, values))
      return { gauges, delayMs: attempt > 0 ? context.clock.now() - start : 0 };
    if (asked - start > VISIBLE_WITHIN_MS || values.size === 0) return { gauges, delayMs: 0 };
    await context.clock.sleep(Math.min(POLL_MS * 2 ** attempt, SLOWEST_POLL_MS), context.signal);
  }
}

export function valuesOf(
  read: Awaited<ReturnType<typeof readAllGauges>>,
  gauges: ReadonlyMap<string, Gauge>,
): Map<string, number> {
  return new Map([...read].filter(([key]) => gauges.has(key)).map(([key, { value }]) => [key, value]));
}

export function changed(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  return [...after].some(([key, value]) => before.has(key) && before.get(key) !== value);
}
