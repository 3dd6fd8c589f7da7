import type {
  ConcurrentStep,
  CustomAnswer,
  CustomScenario,
  CustomSchedule,
  CustomStep,
  Observation,
} from "../../plan/custom.ts";
import type { Stage } from "../../plan/interleaving.ts";
import { SetupFailed } from "../credentials/credentials.ts";
import { type Exchange, type HttpRequest, succeeded } from "../exchange.ts";
import type { Change } from "../kept-here.ts";
import { scalars } from "../pointer.ts";
import { sendStaged, sendTogether } from "../together.ts";
import type { CustomContext } from "./context.ts";
import { openScene, type Scene } from "./scene.ts";
import { extractedFrom } from "./step.ts";

/** One read of the state. */
export interface Reading {
  readonly step: CustomStep;
  readonly exchange: Exchange;
}

/** Set-up, the requests of the race in some way, and the state before and after them. */
export interface Performance {
  readonly scene: Scene;
  /** Monotonic ms. */
  readonly release: number;
  /** As the scenario lists the requests. */
  readonly exchanges: readonly Exchange[];
  readonly before: readonly Reading[];
  readonly after: readonly Reading[];
  /** Reads between the requests, where they were sent one at a time. */
  readonly between: readonly Reading[];
}

/** The requests of a race, each step as often as it says. */
export function requestsOf({ concurrent }: CustomScenario): ConcurrentStep[] {
  return concurrent.flatMap((step) => Array.from({ length: step.count }, () => step));
}

interface Sent {
  readonly release: number;
  readonly exchanges: readonly Exchange[];
  readonly between?: readonly Reading[];
}

/** From a fresh set-up, all together. Throws SetupFailed. */
export async function raceTogether(
  context: CustomContext,
  schedule: CustomSchedule,
  stage?: Stage,
): Promise<Performance> {
  const transport = context.race.transports.find((one) => one.name === schedule.transport);
  if (!transport) throw new SetupFailed(`${schedule.transport} is not spoken here`);
  return perform(context, async (_scene, requests) => {
    const [first, second] = requests;
    // A pair stands on a stage as the scenario lists it.
    if (stage && first && second) return sendStaged(context.race, transport, [first, second], stage);
    const { order, offsetsMs } = schedule;
    const scheduled = order.map((place) => ({
      request: requests[place] as HttpRequest,
      offsetMs: offsetsMs[place] ?? 0,
    }));
    const { release, exchanges } = await sendTogether(context.race, transport, scheduled);
    const listed: Exchange[] = [];
    for (const [sent, place] of order.entries()) listed[place] = exchanges[sent] as Exchange;
    return { release, exchanges: listed };
  });
}

/** From a fresh set-up, one at a time and back to back, or with the state read after each. Throws SetupFailed. */
export async function raceInTurn(
  context: CustomContext,
  order: readonly number[],
  readBetween = false,
): Promise<Performance> {
  return perform(context, async (scene, requests) => {
    const release = context.race.clock.now();
    const exchanges: Exchange[] = [];
    const between: Reading[] = [];
    for (const place of order) {
      exchanges[place] = await context.race.session.send(requests[place] as HttpRequest);
      if (readBetween) between.push(...(await observe(context, scene)));
    }
    return { release, exchanges, between };
  });
}

async function perform(
  context: CustomContext,
  send: (scene: Scene, requests: readonly HttpRequest[]) => Promise<Sent>,
): Promise<Performance> {
  const scene = await openScene(context);
  try {
    const steps = requestsOf(context.scenario);
    const requests: HttpRequest[] = [];
    for (const step of steps) requests.push(await scene.request(step));
    const before = await observe(context, scene);
    const { release, exchanges, between = [] } = await send(scene, requests);
    for (const [index, exchange] of exchanges.entries())
      scene.found.push(new Map(Object.entries(extractedFrom(steps[index] as ConcurrentStep, exchange))));
    const after = await observe(context, scene);
    return { scene, release, exchanges, before, between, after };
  } catch (error) {
    await scene.clear();
    throw error;
  }
}

/** Reads the state as the scenario says, once an acknowledged write has had time to show. Throws StepFailed. */
export async function observe(context: CustomContext, scene: Scene): Promise<Reading[]> {
  const { observe: steps, visibilityMs } = context.scenario;
  if (visibilityMs > 0) await context.race.clock.sleep(visibilityMs, context.race.signal);
  const readings: Reading[] = [];
  for (const step of steps) readings.push({ step, exchange: await scene.perform(step) });
  return readings;
}

/** What the reads extract, by name. */
export function stateOf(readings: readonly Reading[]): Record<string, unknown> {
  return Object.assign({}, ...readings.map(({ step, exchange }) => extractedFrom(step, exchange)));
}

/** What the requests changed of it. */
export function changesIn({ before, after }: Performance): Change[] {
  const old = new Map(scalars(stateOf(before)).map((one) => [one.pointer, one.value]));
  return scalars(stateOf(after)).flatMap(({ pointer, value }) =>
    old.get(pointer) === value ? [] : [{ before: old.get(pointer), after: value }],
  );
}

export function observationOf(
  scenario: CustomScenario,
  { before, after, exchanges }: Performance,
): Observation {
  const steps = requestsOf(scenario);
  const answers = exchanges.map((exchange, index) => answerOf(steps[index] as ConcurrentStep, exchange));
  return { before: stateOf(before), after: stateOf(after), answers };
}

function answerOf(step: ConcurrentStep, exchange: Exchange): CustomAnswer {
  return {
    ...extractedFrom(step, exchange),
    step: step.name,
    ...(exchange.status === undefined ? {} : { status: exchange.status }),
    ok: succeeded(exchange),
    ...(exchange.body === undefined ? {} : { body: exchange.body }),
  };
}

/** Whether it took effect cannot be told: no answer, a failure of the server, "later". */
export function isAmbiguous({ status }: Exchange): boolean {
  return status === undefined || status >= 500 || status === 408 || status === 425 || status === 429;
}

/** Two requests at least were under way at the same time, and were worked on. */
export function overlapped({ release, exchanges }: Performance, { offsetsMs }: CustomSchedule): boolean {
  const spans = exchanges
    .map(({ status, return: end }, index) => ({ status, end, begin: release + (offsetsMs[index] ?? 0) }))
    .filter(({ status, end }) => end !== undefined && ![408, 425, 429, 503].includes(status ?? 0));
  return spans.some((one, index) =>
    spans.slice(index + 1).some((other) => one.begin < (other.end ?? 0) && other.begin < (one.end ?? 0)),
  );
}
