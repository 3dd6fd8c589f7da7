import type { Slot } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import { amountFor, compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials.ts";
import { type Exchange, refused, succeeded } from "./exchange.ts";
import { families as allFamilies, type CalibrationCall, type Family, type Fit } from "./families/index.ts";
import { type Fixture, setUp } from "./fixture.ts";
import { type Gauge, readAllGauges } from "./observe.ts";

const CALLS = 6;
const VISIBLE_WITHIN_MS = 800;
const POLL_MS = 10;
/** Distinct, and no sum of earlier ones: a gauge cannot fit by accident. */
const AMOUNTS = [3, 1, 7, 2, 12, 5];

/** What calling an operation one at a time has shown. */
export interface Behaviour {
  readonly fit: Fit;
  /** How long an acknowledged effect took to become visible at worst, ms; 0 where the first read showed it. */
  readonly visibilityMs: number;
  /** Shortest and median time of a call that took effect, ms. */
  readonly latency: { readonly shortest: number; readonly median: number };
  /** Statuses that refused and were seen to change nothing. */
  readonly refusals: ReadonlySet<number>;
}

/** Why an operation cannot be raced with the scenarios at hand. */
export interface Unlearned {
  readonly status: "not-applicable" | "model-unfit" | "inconclusive";
  readonly reason: string;
}

export function isUnlearned(result: Behaviour | Unlearned): result is Unlearned {
  return "status" in result;
}

/** Body numbers of one call, inside the bounds that the document states. */
export function amountsOf(act: Act, wanted: number): Record<string, number> {
  const slots = (act.operation.body?.slots ?? []).filter((slot) => slot.type !== "string" && !slot.fixed);
  return Object.fromEntries(
    slots.map((slot: Slot, index) => [slot.pointer, amountFor(slot, wanted + 20 * index)]),
  );
}

/** Calls an operation one at a time from a fresh set-up and fits a model family (DESIGN §6). */
export async function learn(
  context: RaceContext,
  act: Act,
  families: readonly Family[] = allFamilies,
): Promise<Behaviour | Unlearned> {
  let fixture: Fixture;
  try {
    fixture = await setUp(context, act);
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    return { status: "inconclusive", reason: `set-up failed: ${error.message}` };
  }
  const observed = await callRepeatedly(context, act, fixture);
  if ("status" in observed) return observed;
  for (const family of families) {
    const fit = family.fit(observed);
    if (fit) return { fit, ...measured(observed) };
  }
  return unfit(observed.calls, families);
}

interface Observed {
  readonly calls: readonly CalibrationCall[];
  readonly gauges: ReadonlyMap<string, Gauge>;
  readonly visibilityMs: number;
  readonly exchanges: readonly Exchange[];
}

async function callRepeatedly(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
): Promise<Observed | Unlearned> {
  const calls: CalibrationCall[] = [];
  const exchanges: Exchange[] = [];
  const gauges = new Map<string, Gauge>();
  let visibilityMs = 0;
  let before = valuesOf(await readAllGauges(context, act, fixture), gauges);
  if (before.size === 0)
    return { status: "not-applicable", reason: "no read shows a number that could tell its effect" };
  for (let index = 0; index < CALLS; index++) {
    const amounts = amountsOf(act, AMOUNTS[index % AMOUNTS.length] ?? 1);
    const exchange = await context.session.send(call(act, fixture, amounts));
    exchanges.push(exchange);
    const outcome = succeeded(exchange) ? "ok" : refused(exchange) ? "rejected" : "other";
    if (index === 0 && outcome !== "ok")
      return {
        status: "not-applicable",
        reason: `answers ${exchange.status ?? exchange.failure} when called alone`,
      };
    const seen = await settled(context, act, fixture, before, index === 0, visibilityMs);
    visibilityMs = Math.max(visibilityMs, seen.delayMs);
    const after = valuesOf(seen.gauges, gauges);
    if (after.size === 0)
      return { status: "not-applicable", reason: "ends the token that it is called with" };
    const { status } = exchange;
    calls.push({ amounts, outcome, before, after, ...(status === undefined ? {} : { status }) });
    if (index === 0 && !changed(before, after))
      return { status: "not-applicable", reason: "changes no number that a read shows" };
    before = after;
  }
  return { calls, gauges, visibilityMs, exchanges };
}

/** The call of an act under the fixture's token, or under another. */
export function call(
  act: Act,
  fixture: Fixture,
  amounts: Readonly<Record<string, number>>,
  token = fixture.principal.token,
) {
  return compose(act.operation, { bindings: fixture.bindings, values: amounts, token });
}

/** Reads after a call. The first call waits for its effect to show; later ones wait as long as that took, and more. */
async function settled(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  before: ReadonlyMap<string, number>,
  first: boolean,
  visibilityMs: number,
) {
  if (!first && visibilityMs > 0) await context.clock.sleep(visibilityMs * 5, context.signal);
  const start = context.clock.now();
  for (;;) {
    const gauges = await readAllGauges(context, act, fixture);
    const elapsed = context.clock.now() - start;
    const values = new Map([...gauges].map(([key, { value }]) => [key, value]));
    if (!first || changed(before, values))
      return { gauges, delayMs: first && elapsed > POLL_MS * 2 ? elapsed : 0 };
    if (elapsed > VISIBLE_WITHIN_MS || values.size === 0) return { gauges, delayMs: 0 };
    await context.clock.sleep(POLL_MS, context.signal);
  }
}

function valuesOf(
  read: Awaited<ReturnType<typeof readAllGauges>>,
  gauges: Map<string, Gauge>,
): Map<string, number> {
  for (const [key, { gauge }] of read) gauges.set(key, gauge);
  return new Map([...read].map(([key, { value }]) => [key, value]));
}

function changed(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  return [...after].some(([key, value]) => before.has(key) && before.get(key) !== value);
}

function measured({ calls, exchanges, visibilityMs }: Observed) {
  const times = exchanges
    .filter(succeeded)
    .map((one) => (one.return ?? one.invoke) - one.invoke)
    .sort((a, b) => a - b);
  const refusals = new Set(
    calls.flatMap((one) => (one.outcome === "rejected" && one.status ? [one.status] : [])),
  );
  const latency = { shortest: times[0] ?? 0, median: times[Math.floor(times.length / 2)] ?? 0 };
  return { visibilityMs, latency, refusals };
}

function unfit(calls: readonly CalibrationCall[], families: readonly Family[]): Unlearned {
  const names = families.map((family) => family.name).join(", ");
  const answers = calls.map((one) => one.status ?? "–").join(", ");
  return {
    status: "model-unfit",
    reason: `called one at a time it answers ${answers} and fits none of: ${names}`,
  };
}
