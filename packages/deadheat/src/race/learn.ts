import type { Act } from "../plan/plan.ts";
import { amountsOf, call, textNumberOf } from "./call.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { type Exchange, refused, succeeded } from "./exchange.ts";
import {
  families as allFamilies,
  type Calibration,
  type CalibrationCall,
  type Family,
  type Fit,
} from "./families/index.ts";
import { type Fixture, setUp, withOtherTexts } from "./fixture.ts";
import type { Gauge } from "./observe.ts";
import { type Unlearned, unreadable, unseen } from "./unlearned.ts";
import { changed, idle, settled, valuesOf } from "./watch.ts";

export type { Unlearned } from "./unlearned.ts";

const CALLS = 6;
/** Where the document tells of refusals, a limit may come later. */
const MOST_CALLS = 14;
const FEWEST_REFUSALS = 2;
const OTHER_TEXTS = 2;
const REFUSALS = ["403", "409", "410", "423"];
/** Distinct, and no sum of earlier ones: a gauge cannot fit by accident. */
const AMOUNTS = [3, 1, 7, 2, 12, 5];

/** What calling an operation one at a time has shown. */
export interface Behaviour {
  /** As it was called: with the texts that were accepted. */
  readonly act: Act;
  readonly fit: Fit;
  /** Other numbers that show the same calls as well; each may be kept rightly where another is not. */
  readonly others: readonly Fit[];
  /** How long an acknowledged effect took to become visible at worst, ms; 0 where the first read showed it. */
  readonly visibilityMs: number;
  /** Shortest and median time of a call that took effect, ms. */
  readonly latency: { readonly shortest: number; readonly median: number };
  /** Statuses that refused and were seen to change nothing. */
  readonly refusals: ReadonlySet<number>;
}

export function isUnlearned(result: Behaviour | Unlearned): result is Unlearned {
  return "status" in result;
}

/** Calls an operation one at a time from a fresh set-up and fits a model family (DESIGN §6). */
export async function learn(
  context: RaceContext,
  act: Act,
  families: readonly Family[] = allFamilies,
): Promise<Behaviour | Unlearned> {
  // A token of the scan's own can be had again; the user's cannot.
  if (act.mayEndToken === "named" && context.credentials.get(act.scheme)?.renewable === false)
    return { status: "not-applicable", reason: "may end the token that was supplied" };
  let fixture: Fixture;
  try {
    fixture = await setUp(context, act);
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    return { status: "inconclusive", reason: `set-up failed: ${error.message}` };
  }
  const observed = await callRepeatedly(context, act, fixture);
  if ("status" in observed) {
    // A made-up text may name what does not exist; the document's own may be all that there is.
    const documented = { ...act, texts: "documented" as const };
    // Once: a person whom the body names is in the texts of the second attempt, too.
    const retry = observed.refused && act.texts !== "documented" && Object.keys(fixture.texts).length > 0;
    return retry
      ? learn(context, documented, families)
      : { status: observed.status, reason: observed.reason };
  }
  for (const family of families) {
    const fit = family.fit(observed);
    if (fit) return { act, fit, others: othersThan(fit, family, observed), ...measured(observed) };
  }
  return unfit(observed, families);
}

const MOST_OTHERS = 2;

/** The same family on the gauges that are left when those found before are taken away. */
function othersThan(first: Fit, family: Family, observed: Observed): Fit[] {
  const left = new Map(observed.gauges);
  const others: Fit[] = first.payee ? [first.payee] : [];
  for (let fit: Fit | undefined = first; fit && others.length < MOST_OTHERS; ) {
    for (const [key, gauge] of left) if (gauge === fit.gauge) left.delete(key);
    fit = family.fit({ ...observed, gauges: left });
    if (fit && fit.limit === first.limit) others.push(fit);
  }
  return others;
}

interface Observed extends Calibration {
  readonly visibilityMs: number;
  readonly exchanges: readonly Exchange[];
}

async function callRepeatedly(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
): Promise<Observed | (Unlearned & { readonly refused?: boolean })> {
  const calls: CalibrationCall[] = [];
  const exchanges: Exchange[] = [];
  const gauges = new Map<string, Gauge>();
  let visibilityMs = 0;
  const calm = await idle(context, act, fixture, gauges);
  if (calm.shown === 0 && calm.fault !== undefined)
    return { status: "inconclusive", reason: `a read that could tell its effect was answered ${calm.fault}` };
  if (calm.shown === 0)
    return { status: "not-applicable", reason: "no read shows a number that could tell its effect" };
  let before = calm.values;
  if (before.size === 0)
    return { status: "inconclusive", reason: "every number that a read shows changes by itself" };
  for (let index = 0; index < CALLS || (index < MOST_CALLS && isOpen(act, calls)); index++) {
    const amounts = amountsOf(act, AMOUNTS[index % AMOUNTS.length] ?? 1);
    const exchange = await context.session.send(call(context, act, fixture, amounts));
    exchanges.push(exchange);
    const outcome = succeeded(exchange) ? "ok" : refused(exchange) ? "rejected" : "other";
    if (index === 0 && outcome !== "ok")
      return {
        status: "inconclusive",
        reason: `answers ${exchange.status ?? exchange.failure} when called alone, as the document describes it`,
        refused: outcome === "rejected",
      };
    const seen = await settled(context, act, fixture, before, index === 0, visibilityMs);
    visibilityMs = Math.max(visibilityMs, seen.delayMs);
    const after = valuesOf(seen.gauges, gauges);
    if (after.size === 0) return unreadable(context, act, fixture);
    const { status } = exchange;
    calls.push({ amounts, outcome, before, after, ...(status === undefined ? {} : { status }) });
    if (index === 0 && !changed(before, after)) return unseen(amounts, exchange, gauges);
    before = after;
  }
  const others = await callsWithOtherTexts(context, act, fixture, gauges, visibilityMs, calls);
  return { calls, others, gauges, visibilityMs, exchanges, textNumber: textNumberOf(act) };
}

/** Where only the first call took effect: is it the text that may not come twice? */
async function callsWithOtherTexts(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  gauges: ReadonlyMap<string, Gauge>,
  visibilityMs: number,
  calls: readonly CalibrationCall[],
): Promise<CalibrationCall[]> {
  const others: CalibrationCall[] = [];
  const once = calls.filter(hasEffect).length === 1 && calls[0] !== undefined && hasEffect(calls[0]);
  if (!once || Object.keys(fixture.texts).length === 0) return others;
  let before = calls.at(-1)?.after ?? new Map<string, number>();
  for (let index = 0; index < OTHER_TEXTS; index++) {
    const amounts = amountsOf(act, 1);
    const other = withOtherTexts(context, act, fixture);
    const exchange = await context.session.send(call(context, act, other, amounts));
    const outcome = succeeded(exchange) ? "ok" : refused(exchange) ? "rejected" : "other";
    const seen = await settled(context, act, fixture, before, index === 0, visibilityMs);
    const after = valuesOf(seen.gauges, gauges);
    others.push({ amounts, outcome, before, after });
    before = after;
  }
  return others;
}

/** All calls so far were allowed where a refusal is documented, or the refusals are too few to tell. */
function isOpen(act: Act, calls: readonly CalibrationCall[]): boolean {
  const refusals = calls.filter((one) => !hasEffect(one)).length;
  if (refusals > 0) return refusals < FEWEST_REFUSALS && calls.slice(0, -refusals).every(hasEffect);
  return act.operation.statuses.some((status) => REFUSALS.includes(status));
}

function hasEffect(one: CalibrationCall): boolean {
  return one.outcome === "ok" && changed(one.before, one.after);
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

function unfit({ calls, gauges }: Observed, families: readonly Family[]): Unlearned {
  const numbers = [...gauges].filter(([, gauge]) => !gauge.text).map(([key]) => key);
  // `updated_at` changes with every call, and says nothing.
  if (!calls.some(({ before, after }) => numbers.some((key) => before.get(key) !== after.get(key))))
    return {
      status: "not-applicable",
      reason: "changes no number that a read shows, and sets no text of its body",
    };
  const names = families.map((family) => family.name).join(", ");
  const answers = calls.map((one) => one.status ?? "–").join(", ");
  return {
    status: "model-unfit",
    reason: `called one at a time it answers ${answers} and fits none of: ${names}`,
  };
}
