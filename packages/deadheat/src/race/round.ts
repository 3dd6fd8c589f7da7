import type { Operation, Outcome } from "@deadheat/oracle";
import type { Stage } from "../plan/interleaving.ts";
import { operationName } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import type { Schedule } from "../plan/schedule.ts";
import { aside } from "./aside.ts";
import { amountsOf, call } from "./call.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { type Exchange, type HttpRequest, succeeded } from "./exchange.ts";
import type { Fit } from "./families/index.ts";
import { type Fixture, setUp } from "./fixture.ts";
import type { Behaviour } from "./learn.ts";
import { type Gauge, type Reading, readGauges } from "./observe.ts";
import type { CallNote } from "./scenarios/scenario.ts";
import { sendStaged, sendTogether } from "./together.ts";
import type { Token } from "./token.ts";
import type { Transport } from "./transport/index.ts";
import { shownBy } from "./watch.ts";

/** Calls of one operation on one fixture, and the gauge before and after. */
export interface Round {
  readonly fixture: Fixture;
  readonly amounts: Readonly<Record<string, number>>;
  readonly fit: Fit;
  /** Monotonic ms. */
  readonly release: number;
  readonly exchanges: readonly Exchange[];
  /** Calls made one at a time before the gauge was read first. */
  readonly earlier: number;
  readonly initial?: number;
  readonly final?: number;
  readonly firstRead: Exchange;
  readonly finalRead: Exchange;
}

/** Sends the calls of a round together. One round for each fit: the same calls, seen through its gauge. */
export async function raceRound(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  fits: readonly Fit[],
  schedule: Schedule,
  transport: Transport,
  stage?: Stage,
): Promise<Round[]> {
  return rounds(context, act, behaviour, fits, schedule, async (requests) => {
    const [first, second] = requests;
    if (stage && first && second) return sendStaged(context, transport, [first, second], stage);
    return sendTogether(
      context,
      transport,
      requests.map((request) => ({ request, offsetMs: 0 })),
    );
  });
}

/** Sends the same calls one at a time, back to back. */
export async function serialRound(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  fits: readonly Fit[],
  schedule: Schedule,
): Promise<Round[]> {
  return rounds(context, act, behaviour, fits, schedule, async (requests) => {
    const release = context.clock.now();
    const exchanges: Exchange[] = [];
    for (const request of requests) exchanges.push(await context.session.send(request));
    return { release, exchanges };
  });
}

async function rounds(
  context: RaceContext,
  act: Act,
  { visibilityMs }: Behaviour,
  fits: readonly Fit[],
  schedule: Schedule,
  send: (requests: readonly HttpRequest[]) => Promise<{ release: number; exchanges: readonly Exchange[] }>,
): Promise<Round[]> {
  const { fixture, tokens } = await aside(context, async () => {
    const fixture = await setUp(context, act);
    return { fixture, tokens: await tokensOf(fixture, schedule.tokens) };
  });
  const amounts = amountsOf(act, schedule.amount);
  const requests = Array.from({ length: schedule.requests }, (_, index) =>
    call(context, act, fixture, amounts, tokens[index % tokens.length]),
  );
  const { earlier = 0 } = schedule;
  if (earlier > 0) await callEarlier(context, act, fits, fixture, amounts, earlier, visibilityMs);
  const gauges = fits.map((one) => one.gauge);
  const before = await readGauges(context, gauges, fixture);
  const sent = await send(requests);
  if (visibilityMs > 0)
    await shownBy(
      context,
      fits,
      fixture,
      before.map((one) => one.value),
      amounts,
      sent.exchanges,
      visibilityMs,
    );
  const after = await readGauges(context, gauges, fixture);
  return fits.map((fit, index) => {
    const { value: initial, exchange: firstRead } = before[index] as Reading;
    const { value, exchange: finalRead } = after[index] as Reading;
    return {
      fixture,
      amounts,
      fit,
      ...sent,
      earlier,
      ...(initial === undefined ? {} : { initial }),
      ...(value === undefined ? {} : { final: value }),
      firstRead,
      finalRead,
    };
  });
}

/** Each has to be acknowledged and to take effect: else what is left of the limit is not known. */
async function callEarlier(
  context: RaceContext,
  act: Act,
  fits: readonly Fit[],
  fixture: Fixture,
  amounts: Readonly<Record<string, number>>,
  count: number,
  visibilityMs: number,
): Promise<void> {
  const gauges = fits.map((one) => one.gauge);
  const readings = async () => (await readGauges(context, gauges, fixture)).map((one) => one.value);
  const start = await readings();
  for (let index = 0; index < count; index++) {
    const { status, failure } = await context.session.send(call(context, act, fixture, amounts));
    if (status === undefined || status < 200 || status > 299)
      throw new SetupFailed(
        `${operationName(act.operation)}, called before, was answered ${status ?? failure}`,
      );
  }
  if (visibilityMs > 0) await context.clock.sleep(5 * visibilityMs, context.signal);
  const end = await readings();
  const missing = fits.some((fit, index) => {
    const [from, to] = [start[index], end[index]];
    if (from === undefined || to === undefined) return true;
    return Math.abs(to - from - count * fit.effectOf(amounts, from)) > 1e-6;
  });
  if (missing)
    throw new SetupFailed(`${operationName(act.operation)}, called before, did not take its effect`);
}

/** Several tokens of the one principal: a lock on the token's row holds up one of them, not the others. */
async function tokensOf({ principal }: Fixture, count: number): Promise<Token[]> {
  const tokens = [principal.token];
  while (tokens.length < count) {
    const another = await principal.login?.();
    if (!another) throw new SetupFailed("no second token of the same principal can be had");
    tokens.push(another);
  }
  return tokens;
}

export function difference(round: Round): number | undefined {
  if (round.initial === undefined || round.final === undefined) return undefined;
  return Number((round.final - round.initial).toFixed(6));
}

/** What a caller may conclude from an answer: 4xx is a refusal only where calibration saw that it changes nothing. */
export function outcomeOf(exchange: Exchange, refusals: ReadonlySet<number>): Outcome {
  if (succeeded(exchange)) return "ok";
  return exchange.status !== undefined && refusals.has(exchange.status) ? "rejected" : "unknown";
}

/** The calls as operations of a history: `r1`, `r2`, … each on a lane of its own. */
export function callsOf<I>(
  exchanges: readonly Exchange[],
  refusals: ReadonlySet<number>,
  input: (index: number) => I,
): Operation<I, never>[] {
  return exchanges.map((exchange, index) => ({
    id: `r${index + 1}`,
    process: `c${index + 1}`,
    invoke: exchange.invoke,
    ...(exchange.return === undefined ? {} : { return: exchange.return }),
    input: input(index),
    outcome: outcomeOf(exchange, refusals),
  }));
}

/** A read as an operation of a history. */
export function readOf<I, O>(id: string, exchange: Exchange, input: I, output: O): Operation<I, O> {
  return {
    id,
    process: "observer",
    invoke: exchange.invoke,
    return: exchange.return ?? exchange.invoke,
    input,
    output,
    outcome: "ok",
  };
}

/** What reports show of each operation. */
export function notesOf(
  act: Act,
  gauge: Gauge,
  exchanges: readonly Exchange[],
  does: string,
  read: Exchange | undefined,
): Map<string, CallNote> {
  const notes = new Map<string, CallNote>();
  exchanges.forEach((exchange, index) => {
    const status = exchange.status === undefined ? {} : { status: exchange.status };
    const operation = operationName(act.operation);
    notes.set(`r${index + 1}`, { operation, does, ...status, exchange });
  });
  if (read)
    notes.set("read", {
      operation: operationName(gauge.observer),
      does: `read ${gauge.pointer}`,
      status: 200,
      exchange: read,
    });
  return notes;
}

/** Why a trial with such answers cannot be judged: one was not worked on. The wait is the pacing's affair. */
export function slowDown(exchanges: readonly Exchange[]): { unjudged: string } | undefined {
  const limited = exchanges.find((one) => one.status === 429 || one.status === 503);
  return limited && { unjudged: `the API answered ${limited.status}` };
}

/** Answers that the server failed to give: serialization failures without a retry, an exhausted pool. */
export function faultsIn(exchanges: readonly Exchange[]): { faults: number; sent: number } {
  return { faults: exchanges.filter((one) => (one.status ?? 0) >= 500).length, sent: exchanges.length };
}

/** At least two calls were under way at once, and were worked on: "later" says that one was not. */
export function overlapped(exchanges: readonly Exchange[], release: number): boolean {
  const answered = exchanges.filter((one) => one.return !== undefined && one.return > release);
  return answered.filter((one) => ![408, 425, 429, 503].includes(one.status ?? 0)).length >= 2;
}
