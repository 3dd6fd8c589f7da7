import type { Operation } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Exchange, succeeded } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import { getAt, scalars } from "./pointer.ts";
import { numberOf } from "./text.ts";
import type { Token } from "./token.ts";

/** Something that can be read back as a number: an observer and a place in its answer. */
export interface Gauge {
  readonly observer: Operation;
  readonly pointer: string;
  /** It shows a text: its number only tells one text from another. */
  readonly text?: true;
}

export function gaugeName(gauge: Gauge): string {
  const list = gauge.pointer.endsWith("/-") ? gauge.pointer.slice(0, -2) || "/" : undefined;
  const place = list === undefined ? gauge.pointer : `the number of items in ${list}`;
  return `${place} of ${gauge.observer.method} ${gauge.observer.path}`;
}

/** DRF renders decimals as strings; both spellings are numbers here. */
function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

const LONGEST_TEXT = 500;

function asText(value: unknown): number | undefined {
  return typeof value === "string" && value.length <= LONGEST_TEXT ? numberOf(value) : undefined;
}

/** What an answer of the observer shows at the gauge's place. */
export function shownAt({ pointer }: Gauge, exchange: Exchange): unknown {
  return succeeded(exchange) ? getAt(exchange.body, pointer) : undefined;
}

/** What a gauge was seen to show. `value` is absent where the read failed or shows no number. */
export interface Reading {
  readonly exchange: Exchange;
  readonly value?: number;
}

/** Reads one gauge. */
export async function readGauge(
  context: RaceContext,
  gauge: Gauge,
  fixture: Fixture,
  token = fixture.principal.token,
): Promise<Reading> {
  return readingOf(gauge, await observe(context, gauge.observer, fixture, token));
}

/**
 * Reads several gauges, those of one observer in one answer. One observer after another: a read that counts how often
 * something is looked at would race with the one beside it.
 */
export async function readGauges(
  context: RaceContext,
  gauges: readonly Gauge[],
  fixture: Fixture,
): Promise<Reading[]> {
  const { token } = fixture.principal;
  const answers = new Map<Operation, Exchange>();
  for (const { observer } of gauges)
    if (!answers.has(observer)) answers.set(observer, await observe(context, observer, fixture, token));
  return gauges.map((one) => readingOf(one, answers.get(one.observer) as Exchange));
}

function observe(
  context: RaceContext,
  observer: Operation,
  { bindings }: Fixture,
  token: Token,
): Promise<Exchange> {
  return context.session.send(compose(observer, { bindings, token }));
}

function readingOf(gauge: Gauge, exchange: Exchange): Reading {
  const shown = shownAt(gauge, exchange);
  const value = gauge.text ? asText(shown) : asNumber(shown);
  return value === undefined ? { exchange } : { exchange, value };
}

/** Every number and text that the observers of an act show now, with its gauge. Keys are stable between calls. */
export async function readAllGauges(
  context: RaceContext,
  act: Act,
  fixture: Fixture,
  onFailure: (status: number) => void = () => {},
): Promise<Map<string, { gauge: Gauge; value: number }>> {
  const gauges = new Map<string, { gauge: Gauge; value: number }>();
  for (const observer of act.observers) {
    const { token } = fixture.principal;
    const exchange = await context.session.send(compose(observer, { bindings: fixture.bindings, token }));
    if (!succeeded(exchange)) {
      if (exchange.status !== undefined) onFailure(exchange.status);
      continue;
    }
    for (const leaf of scalars(exchange.body)) {
      const key = `${observer.id} ${observer.path} ${leaf.pointer}`;
      const number = asNumber(leaf.value);
      const value = number ?? asText(leaf.value);
      if (value === undefined) continue;
      const text = number === undefined ? { text: true as const } : {};
      gauges.set(key, { gauge: { observer, pointer: leaf.pointer, ...text }, value });
    }
  }
  return gauges;
}

const READ_ATTEMPTS = 3;

/** Reads a gauge again, a few times where no answer comes: a read changes nothing. */
export async function stillReads(
  context: RaceContext,
  gauge: Gauge,
  fixture: Fixture,
  expected: number | undefined,
  token?: Token,
): Promise<"same" | "changed" | "unreadable"> {
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
    const { value } = await readGauge(context, gauge, fixture, token);
    if (value !== undefined) return value === expected ? "same" : "changed";
  }
  return "unreadable";
}
