import { type CheckResult, type History, type LimitInput, limit, type Operation } from "@deadheat/oracle";
import { type Operation as ApiOperation, operationName } from "../../plan/operation.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { RaceContext } from "../context.ts";
import { CONTROL_OPERATIONS, explained } from "../control.ts";
import { SetupFailed } from "../credentials/index.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import { judge } from "../judge.ts";
import type { Unlearned } from "../learn.ts";
import { measureOverlap } from "../parallelism.ts";
import { faultsIn, overlapped, slowDown } from "../round.ts";
import { sendTogether } from "../together.ts";
import { scheduleOf } from "./burst.ts";
import { type Count, type Grant, livesIn } from "./grant.ts";
import { RightfulClient } from "./rightful-client.ts";
import type { CallNote, Prepared, Trial } from "./scenario.ts";

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
  readonly remarks: readonly string[];
  /** What a repeat brings one at a time, and did not bring together; for the summary of a proof. */
  readonly unpunished?: string;
  /** The exchange changes how the principal signs in: that it cannot do so as before says nothing. */
  readonly changesLogin?: boolean;
}

const ALLOWED = 1;
const MODEL = limit(ALLOWED);
const MOST_IN_CONTROL = 4;

/** Makes a scenario of one grant and many exchanges ready: first the control run, then trials on request. */
export async function prepareOnce(
  context: RaceContext,
  scenario: OnceScenario,
): Promise<Prepared | Unlearned> {
  const client = new RightfulClient(scenario.changesLogin === true);
  const control = await sequentialControl(context, scenario);
  if ("status" in control) return control;
  const trial = async (schedule: Schedule): Promise<Trial> => {
    const transport = context.transports.find((one) => one.name === schedule.transport);
    if (!transport) throw new SetupFailed(`${schedule.transport} is not spoken here`);
    const grant = await scenario.grant();
    const requests = Array.from({ length: schedule.requests }, () => ({
      request: grant.request,
      offsetMs: 0,
    }));
    const { exchanges, release } = await sendTogether(context, transport, requests);
    const judged = await judgeExchanges(context, scenario, grant, exchanges);
    if (judged.result.verdict !== "race") await client.afterwards(grant, exchanges, judged.count);
    const { count, history, result } = judged;
    return {
      schedule,
      release,
      history,
      result,
      calls: notes(scenario, exchanges),
      overlapped: overlapped(exchanges, release),
      faults: faultsIn(exchanges),
      summary: summaryOf(scenario, schedule, count),
      ...(count ? {} : { unjudged: "what the answers gave could not be counted" }),
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
    schedule: (index) => ({ ...scheduleOf(context, index, false), amount: 0 }),
    remarks: () => [...scenario.remarks, ...client.remarks()],
    overlap: async () => {
      const grant = await scenario.grant();
      return measureOverlap(context, {
        fresh: async () => (await scenario.grant()).request,
        refused: scenario.refused(grant),
        read: async () => scenario.read(grant),
        latencyMs: control.latencyMs,
      });
    },
    trial,
  };
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
  const grant = await scenario.grant();
  const exchanges: Exchange[] = [];
  for (let index = 0; index < requests; index++) exchanges.push(await context.session.send(grant.request));
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
  if (!count) return { count, history, result: { verdict: "unknown", stats: { configs: 0, ms: 0 } } };
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
  exchanges.forEach(({ status }, index) => {
    const answered = status === undefined ? {} : { status };
    calls.set(`r${index + 1}`, { operation: operationName(operation), does, ...answered });
  });
  calls.set("read", { operation: operationName(observer), does: "count what lives" });
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
