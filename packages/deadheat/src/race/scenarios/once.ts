import { type CheckResult, type History, type LimitInput, limit, type Operation } from "@deadheat/oracle";
import type { Stage } from "../../plan/interleaving.ts";
import { type Operation as ApiOperation, operationName } from "../../plan/operation.ts";
import type { Schedule } from "../../plan/schedule.ts";
import { vanDerCorput } from "../../random.ts";
import { aside } from "../aside.ts";
import type { RaceContext } from "../context.ts";
import { CONTROL_OPERATIONS, explained } from "../control.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import type { Unlearned } from "../learn.ts";
import { measureOverlap } from "../parallelism.ts";
import { faultsIn, overlapped, slowDown } from "../round.ts";
import { pairTransport, sendStaged, sendTogether } from "../together.ts";
import { scheduleOf } from "./burst.ts";
import { type Count, type Grant, livesIn } from "./grant.ts";
import { RightfulClient } from "./rightful-client.ts";
import type { CallNote, Interleaved, Prepared, Trial } from "./scenario.ts";

type OnceHistory = History<LimitInput, number | undefined>;

/** How one kind of grant is had, exchanged and counted. */
export interface OnceScenario {
  readonly operation: ApiOperation;
  /** What the count is made with. */
  readonly observer: ApiOperation;
  /** A fresh grant. Throws SetupFailed. */
  grant(): Promise<Grant>;
  /** `undefined` where an answer does not tell what works. */
  count(grant: Grant, exchanges: readonly Exchange[]): Promise<Count | undefined>;
  /** Looks, as soon as an answer is there, at what may be gone again when the next one is. */
  watch?(grant: Grant, index: number, exchange: Exchange): Promise<void>;
  /** Where `watch` has something to see, requests also leave one after another, over the time that one takes. */
  readonly staggered?: boolean;
  /** The same request with a grant that is none. */
  refused(grant: Grant): HttpRequest;
  /** A quick protected read under the grant's principal. */
  read(grant: Grant): HttpRequest;
  /** `exchange it`. */
  readonly does: string;
  /** `one refresh token`. */
  readonly grantWords: string;
  readonly controls: readonly string[];
  /** Remarks that the calibration gave. */
  readonly remarks?: readonly string[];
  /** What a repeat brings one at a time, and did not bring together; for the summary of a proof. */
  readonly unpunished?: string;
  /** The exchange changes how the principal signs in: that it cannot do so as before says nothing. */
  readonly changesLogin?: boolean;
}

const ALLOWED = 1;
const MODEL = limit(ALLOWED);
const NOT_JUDGED: CheckResult = { verdict: "unknown", stats: { configs: 0, ms: 0 } };
const MOST_IN_CONTROL = 4;
/** Once may be chance on the way back, four times is not. */
const ENOUGH_OVERTAKEN = 4;

/** Makes a scenario of one grant and many exchanges ready: first the control run, then trials on request. */
export async function prepareOnce(
  context: RaceContext,
  scenario: OnceScenario,
): Promise<Prepared | Unlearned> {
  let overtaken = 0;
  const client = new RightfulClient(scenario.changesLogin === true);
  const control = await sequentialControl(context, scenario);
  if ("status" in control) return control;
  const trial = async (schedule: Schedule, stage?: Stage): Promise<Trial> => {
    const transport = context.transports.find((one) => one.name === schedule.transport);
    if (!transport) throw new SetupFailed(`${schedule.transport} is not spoken here`);
    const grant = await aside(context, () => scenario.grant());
    const requests = Array.from({ length: schedule.requests }, (_, index) => ({
      request: requestOf(grant, index),
      offsetMs: index * schedule.offsetMs,
    }));
    const { exchanges, release } = stage
      ? await sendStaged(
          context,
          transport,
          [requestOf(grant, 0), requestOf(grant, 1)],
          stage,
          async (second) => scenario.watch?.(grant, 1, second),
        )
      : await sendTogether(context, transport, requests, (index, exchange) => {
          void scenario.watch?.(grant, index, exchange);
        });
    const judged = await judgeExchanges(context, scenario, grant, exchanges);
    if (overtakes(judged.count, exchanges)) overtaken++;
    if (judged.result.verdict !== "race") await client.afterwards(grant, exchanges, judged.count);
    const { count, history, result } = judged;
    const unjudged = doubtIn(judged);
    return {
      schedule,
      release,
      history,
      result: unjudged === undefined ? result : NOT_JUDGED,
      calls: notes(scenario, exchanges),
      overlapped: overlapped(exchanges, release),
      faults: faultsIn(exchanges),
      summary: summaryOf(scenario, schedule, count),
      ...(unjudged === undefined ? {} : { unjudged }),
      ...slowDown(exchanges),
      confirm: async () => {
        const now = await count?.again();
        return now === undefined ? "unreadable" : now === livesIn(count) ? "same" : "changed";
      },
      replaySerially: async () => (await serially(context, scenario, schedule.requests)).result,
    };
  };
  return {
    model: `limit:${ALLOWED}`,
    controls: [control.words, ...scenario.controls],
    visibilityMs: 0,
    interleaved: interleavedOf(context, scenario),
    schedule: (index) => onceSchedule(context, index, scenario.staggered ? control.latencyMs : 0),
    remarks: () => [...(scenario.remarks ?? []), ...client.remarks()],
    overlap: async () => {
      if (overtaken >= ENOUGH_OVERTAKEN) return { overlaps: true };
      const grant = await aside(context, () => scenario.grant());
      return measureOverlap(context, {
        fresh: async () => (await aside(context, () => scenario.grant())).request,
        refused: scenario.refused(grant),
        read: async () => scenario.read(grant),
        latencyMs: control.latencyMs,
      });
    },
    trial,
  };
}

function interleavedOf(context: RaceContext, { operation }: OnceScenario): Interleaved {
  const name = operationName(operation);
  const base = { transport: pairTransport(context), requests: 2, amount: 0, tokens: 1, offsetMs: 0 };
  return { bases: [base], alike: true, names: [name, name] };
}

/**
 * One request won, and another was turned away before the winner had its answer. A server that takes one request after
 * another decides a loser only when the winner, which came before it, has been answered; so this one does not.
 */
function overtakes(count: Count | undefined, exchanges: readonly Exchange[]): boolean {
  const won = winnerOf(count, exchanges)?.return;
  const turnedAway = exchanges.filter(
    ({ status = 0 }) => status >= 300 && status < 500 && ![408, 425, 429].includes(status),
  );
  return won !== undefined && turnedAway.some((one) => (one.return ?? won) < won);
}

/** The one that lives; where reuse has ended that as well, the one that was answered. */
function winnerOf(count: Count | undefined, exchanges: readonly Exchange[]): Exchange | undefined {
  if (livesIn(count) === 1) return exchanges[count?.lives.indexOf(true) ?? -1];
  const answered = exchanges.filter(succeeded);
  return livesIn(count) === 0 && answered.length === 1 ? answered[0] : undefined;
}

function requestOf(grant: Grant, index: number): HttpRequest {
  return grant.another?.(index) ?? grant.request;
}

/** Why a trial says nothing. Too many that live are a proof, whatever else cannot be told apart. */
function doubtIn({ count, result }: Judged): string | undefined {
  if (!count) return "what the answers gave could not be counted";
  return result.verdict === "race" ? undefined : count.doubt;
}

/** Bursts of all sizes; every other trial two requests, the second inside the time that the first takes. */
function onceSchedule(context: RaceContext, index: number, latencyMs: number): Schedule {
  if (latencyMs === 0 || index % 2 === 1) return { ...scheduleOf(context, index, false), amount: 0 };
  const pair = { ...scheduleOf(context, Math.floor(index / 2), false), amount: 0, requests: 2 };
  return { ...pair, offsetMs: vanDerCorput(1 + index / 2) * latencyMs };
}

function summaryOf({ grantWords, unpunished }: OnceScenario, { requests }: Schedule, count?: Count): string {
  const seen = `${requests} concurrent requests with ${grantWords}: ${count?.words}; one at a time, no more than ${ALLOWED}.`;
  return unpunished === undefined ? seen : `${seen} ${unpunished}`;
}

interface Judged {
  readonly count: Count | undefined;
  readonly history: OnceHistory;
  readonly result: CheckResult;
}

/** Sends the exchanges of a fresh grant one at a time, back to back. */
async function serially(
  context: RaceContext,
  scenario: OnceScenario,
  requests: number,
): Promise<Judged & { readonly exchanges: readonly Exchange[] }> {
  const grant = await aside(context, () => scenario.grant());
  const exchanges: Exchange[] = [];
  for (let index = 0; index < requests; index++) {
    const exchange = await context.session.send(requestOf(grant, index));
    exchanges.push(exchange);
    await scenario.watch?.(grant, index, exchange);
  }
  return { ...(await judgeExchanges(context, scenario, grant, exchanges)), exchanges };
}

async function judgeExchanges(
  context: RaceContext,
  scenario: OnceScenario,
  grant: Grant,
  exchanges: readonly Exchange[],
): Promise<Judged> {
  const invoke = context.clock.now();
  const count = await scenario.count(grant, exchanges);
  const history = exchanges.map((exchange, index) =>
    exchanged(exchange, index, count?.lives[index] === true),
  );
  if (!count) return { count, history, result: NOT_JUDGED };
  history.push({
    id: "read",
    process: "observer",
    invoke,
    return: context.clock.now(),
    input: { type: "read" },
    output: livesIn(count),
    outcome: "ok",
  });
  return { count, history, result: judge(context.clock, MODEL, history) as CheckResult };
}

/**
 * Acknowledgements prove nothing: a loser may be answered 200 with the winner's tokens, or with some that do not
 * work. Only what lives took effect; of the rest it is not known whether it did.
 */
function exchanged(
  exchange: Exchange,
  index: number,
  lives: boolean,
): Operation<LimitInput, number | undefined> {
  return {
    id: `r${index + 1}`,
    process: `c${index + 1}`,
    invoke: exchange.invoke,
    ...(exchange.return === undefined ? {} : { return: exchange.return }),
    input: { type: "take" },
    outcome: lives ? "ok" : "unknown",
  };
}

function notes({ operation, observer, does }: OnceScenario, exchanges: readonly Exchange[]) {
  const calls = new Map<string, CallNote>();
  exchanges.forEach((exchange, index) => {
    const answered = exchange.status === undefined ? {} : { status: exchange.status };
    calls.set(`r${index + 1}`, { operation: operationName(operation), does, ...answered, exchange });
  });
  const counts = "count what lives: try what each answer gave";
  calls.set("read", { operation: operationName(observer), does: counts });
  return calls;
}

/** Grants that are exchanged once, twice and at random, one at a time: no more than one result of each may live. */
async function sequentialControl(
  context: RaceContext,
  scenario: OnceScenario,
): Promise<{ readonly words: string; readonly latencyMs: number } | Unlearned> {
  let operations = 0;
  let grants = 0;
  let latencyMs = Number.POSITIVE_INFINITY;
  for (; operations < CONTROL_OPERATIONS; grants++) {
    const requests = grants < 2 ? grants + 1 : context.random.integer(1, MOST_IN_CONTROL);
    const { count, history, exchanges } = await serially(context, scenario, requests);
    operations += history.length;
    const [first] = exchanges;
    if (!count || !first)
      return { status: "inconclusive", reason: "what an answer gave could not be counted" };
    if (first.return !== undefined) latencyMs = Math.min(latencyMs, first.return - first.invoke);
    if (requests === 1 && livesIn(count) !== 1)
      return {
        status: "inconclusive",
        reason: `${scenario.grantWords}, exchanged once, gives nothing that lives`,
      };
    const unfit = explained(context, MODEL, history);
    if (unfit) return { ...unfit, reason: `one at a time: ${count.words}` };
  }
  const words = `${operations} operations one at a time, on ${grants} grants, fit ${MODEL.name}`;
  return { words, latencyMs };
}
