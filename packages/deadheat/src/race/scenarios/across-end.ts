import type { Act } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { AuthorityCase, OwnEnd } from "../authority.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { setUp } from "../fixture.ts";
import type { Behaviour } from "../learn.ts";
import { readGauge } from "../observe.ts";
import { scalars } from "../pointer.ts";
import { pairTransport, sendTogether } from "../together.ts";
import type { Transport } from "../transport/index.ts";
import { REFUSALS } from "./authority-history.ts";
import { readerOf, type Sent } from "./authority-run.ts";

/** Calls that leave across one end. */
export const VOLLEY = 10;
const SHORTEST_MS = 24;
/** So many of them leave before the end as it is reckoned: on a busy machine all are late. */
const BEFORE_THE_END = 0.7;
/** Connections are opened, and all but last bytes sent, before the first call leaves, ms. */
const PREPARED_MS = 25;
/** Before the calls leave it is looked how others fared, ms. */
const LEARNING_MS = 40;
/** Aimed no farther off than this, ms. */
const FARTHEST_MS = 150;
/** One refusal may have another cause; two on connections of their own show that the token has ended. */
const ENOUGH_REFUSED = 2;

/** Between two calls: all of them leave within the time that one takes, ms. */
export function spacing(latencyMs: number): number {
  return Math.max(latencyMs, SHORTEST_MS) / VOLLEY;
}

/**
 * Calls of one kind under a token that ends by itself, one after the other across its end, which nobody knows to the
 * millisecond. What is refused first tells that the end has come; the state is read at once. The calls that were let in
 * just before may still be on their way: what they add after that read is an effect under a token that had ended.
 */
export async function sendAcross(
  context: RaceContext,
  act: Act,
  { fit }: Behaviour,
  one: AuthorityCase & { readonly end: OwnEnd },
  amounts: Readonly<Record<string, number>>,
  { requests, offsetMs }: Schedule,
  transport: Transport,
): Promise<Sent> {
  const { fixture, actor, end } = one;
  const reader = await readerOf(one);
  const { about = end.at, aim = { earlierMs: 0 } } = end;
  const until = (ms: number) => context.clock.sleep(Math.max(0, ms - context.clock.now()), context.signal);
  const lead = PREPARED_MS + requests * BEFORE_THE_END * offsetMs;
  // What other trials have learned by then counts.
  await until(about - lead - LEARNING_MS);
  await until(about - lead - aim.earlierMs);
  const leavesAt = (index: number) => PREPARED_MS + index * offsetMs;
  const refusals: Exchange[] = [];
  let over: number | undefined;
  let early: ReturnType<typeof readGauge> | undefined;
  const { release, exchanges } = await sendTogether(
    context,
    transport,
    Array.from({ length: requests }, (_, index) => ({
      request: call(context, act, fixture, amounts, actor),
      offsetMs: leavesAt(index),
    })),
    (_index, answer) => {
      if (!isRefusal(answer) || refusals.push(answer) !== ENOUGH_REFUSED) return;
      over = answer.return;
      early = readGauge(context, fit.gauge, fixture, reader);
    },
  );
  const half = (requests / 2) * offsetMs;
  if (over === undefined || !early) {
    aim.earlierMs = Math.max(aim.earlierMs - half, -FARTHEST_MS);
    throw new SetupFailed("the token did not end while the calls were sent");
  }
  const seen = await early;
  const lastLetIn = exchanges.findLastIndex(succeeded);
  if (lastLetIn < 0) {
    aim.earlierMs = Math.min(aim.earlierMs + half, FARTHEST_MS);
    throw new SetupFailed("the token had ended before the calls were sent");
  }
  // Whoever is let in after that was not refused for the token's end.
  if (release + leavesAt(lastLetIn) > over)
    throw new SetupFailed("a call was let in after others had been refused");
  await until(end.at);
  const alone = await context.session.send(call(context, act, fixture, amounts, actor));
  if (!isRefusal(alone) || !refusedAlike(alone, refusals))
    throw new SetupFailed("the calls were refused otherwise than one under a token that has ended");
  const request = { method: "", path: "", headers: {} };
  return {
    release,
    call: exchanges[lastLetIn] as Exchange,
    others: exchanges.filter((_, index) => index !== lastLetIn),
    end: { request, invoke: release, return: over, status: 200, headers: {}, body: undefined },
    early: seen,
  };
}

function isRefusal({ status = 0 }: Exchange): boolean {
  return (REFUSALS as readonly number[]).includes(status) && status !== 404;
}

/** What two refusals of the volley have in common the third has, too: others may hold a time or a number of their own. */
function refusedAlike(alone: Exchange, [first, second]: readonly Exchange[]): boolean {
  const leaves = ({ status, body }: Exchange) =>
    new Map<string, unknown>([
      ["status", status],
      ...scalars(body).map((one) => [one.pointer, one.value] as const),
    ]);
  const [a, b, c] = [first, second, alone].map((one) => (one ? leaves(one) : new Map<string, unknown>()));
  return [...(a ?? [])].every(([key, value]) => b?.get(key) !== value || c?.get(key) === value);
}

const CONTROLS = 2;

/** The same calls as fast one after the other under a token that lasts: who refuses some of those counts calls, not time. */
export async function volleysAreLetIn(
  context: RaceContext,
  act: Act,
  { latency }: Behaviour,
): Promise<boolean> {
  const transport = context.transports.find((one) => one.name === pairTransport(context));
  if (!transport) return false;
  for (let index = 0; index < CONTROLS; index++) {
    const fixture = await setUp(context, act);
    const { token } = fixture.principal;
    const request = call(context, act, fixture, amountsOf(act, 1), token);
    const { exchanges } = await sendTogether(
      context,
      transport,
      Array.from({ length: VOLLEY }, (_, one) => ({ request, offsetMs: one * spacing(latency.median) })),
    );
    if (!exchanges.every(succeeded)) return false;
  }
  return true;
}
