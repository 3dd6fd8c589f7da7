import type { Act } from "../plan/plan.ts";
import type { RaceContext } from "./context.ts";
import { type Exchange, succeeded } from "./exchange.ts";
import type { Fit } from "./families/index.ts";
import type { Fixture } from "./fixture.ts";
import { type Gauge, readAllGauges, readGauge } from "./observe.ts";

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
): Promise<{ readonly shown: number; readonly values: Map<string, number>; readonly fault?: number }> {
  let fault: number | undefined;
  const first = await readAllGauges(context, act, fixture, (status) => {
    if (status === 429 || status >= 500) fault ??= status;
  });
  await context.clock.sleep(POLL_MS, context.signal);
  const second = await readAllGauges(context, act, fixture);
  for (const [key, { gauge, value }] of second) if (first.get(key)?.value === value) gauges.set(key, gauge);
  return {
    shown: second.size,
    values: valuesOf(second, gauges),
    ...(fault === undefined ? {} : { fault }),
  };
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
  const start = context.clock.now();
  if (!first && visibilityMs > 0) return afterwards(context, act, fixture, before, visibilityMs);
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

/** Waits five times the known delay for a change, and for one that came once more as long as it may take. */
async function afterwards(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  before: ReadonlyMap<string, number>,
  visibilityMs: number,
) {
  const end = context.clock.now() + 5 * visibilityMs;
  for (;;) {
    await context.clock.sleep(SLOWEST_POLL_MS, context.signal);
    const gauges = await readAllGauges(context, act, fixture);
    const values = new Map([...gauges].map(([key, { value }]) => [key, value]));
    if (changed(before, values)) break;
    if (context.clock.now() > end) return { gauges, delayMs: 0 };
  }
  await context.clock.sleep(visibilityMs, context.signal);
  return { gauges: await readAllGauges(context, act, fixture), delayMs: 0 };
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

/** Waits five times the known delay, or until every gauge shows all that was acknowledged. */
export async function shownBy(
  context: RaceContext,
  fits: readonly Fit[],
  fixture: Fixture,
  before: readonly (number | undefined)[],
  amounts: Readonly<Record<string, number>>,
  exchanges: readonly Exchange[],
  visibilityMs: number,
): Promise<void> {
  const end = context.clock.now() + 5 * visibilityMs;
  const acknowledged = exchanges.filter(succeeded).length;
  while (context.clock.now() < end) {
    await context.clock.sleep(visibilityMs / 2, context.signal);
    let complete = true;
    for (const [index, fit] of fits.entries()) {
      const { value } = await readGauge(context, fit.gauge, fixture);
      const start = before[index] ?? Number.NaN;
      const wanted = start + acknowledged * fit.effectOf(amounts, start);
      if (value === undefined || Math.abs(value - wanted) > 1e-6) complete = false;
    }
    if (complete) return;
  }
}
