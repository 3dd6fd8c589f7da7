import type { RaceContext } from "./context.ts";
import { type Exchange, type HttpRequest, succeeded } from "./exchange.ts";
import type { IndependentCalls } from "./parallelism.ts";
import { sendTogether } from "./together.ts";
import type { Transport } from "./transport/index.ts";

/**
 * Calls under way when the read leaves, in turn: one that takes 2 ms is hardly overtaken by a read that takes 1 ms, and
 * of four all may wait, and the read behind them, where two are worked on at once. Where several at once are refused (a
 * serializable database that takes all of a table for read), it is one each time.
 */
const AHEAD = [4, 1, 2];
const MOST_AHEAD = Math.max(...AHEAD);
const ATTEMPTS = 36;
/** Once may be chance on the way, six times is not. */
const ENOUGH = 6;
/** Parts of a call's time that the read leaves after them: where the calls take turns, each is its chance. */
const HEAD_STARTS = [0.3, 1 / 12, 0.6, 1 / 6, 0.45];
/** Below this a request may overtake another on its way to the server, ms. */
const SHORTEST_HEAD_START_MS = 1;
/** By how much the read's answer is sooner on a way that hardly changes an order, ms. */
const MARGIN_MS = 0.25;
const LONGEST_HEAD_START_MS = 32;
const CONTROLS = 24;

/**
 * Whether reads overtake calls: one that is sent after several calls, and is answered before the last of them, was
 * not kept waiting. This shows overlap also where the work of one request fills the processor, and where all share
 * one principal.
 *
 * How much later than the calls is late enough is measured first, with calls that are refused at the door: on their
 * way none of them may overtake another. Where the shortest head start is not enough, the answer has to be as much
 * sooner, too: on a way of 1 to 6 ms, what a server says first may arrive last.
 */
export async function overtakes(
  context: RaceContext,
  calls: IndependentCalls,
  transport: Transport,
): Promise<boolean> {
  const safe = await safeHeadStart(context, calls, transport);
  if (safe === undefined) return false;
  const margin = safe > SHORTEST_HEAD_START_MS ? safe : MARGIN_MS;
  const read = await calls.read();
  let overtaken = 0;
  let refusedTogether = false;
  for (let index = 0; index < ATTEMPTS && overtaken + ATTEMPTS - index >= ENOUGH; index++) {
    const ahead: HttpRequest[] = [];
    const wanted: number = refusedTogether ? 1 : (AHEAD[index % AHEAD.length] as number);
    while (ahead.length < wanted) ahead.push(await calls.fresh());
    const part = HEAD_STARTS[index % HEAD_STARTS.length] as number;
    const late = Math.max(safe, part * calls.latencyMs);
    const exchanges = await sendLate(context, transport, [ahead, read, late]);
    // A refusal is no work, of the calls and of the read: only where all succeed is anything shown.
    if (!exchanges.every(succeeded)) refusedTogether ||= wanted > 1;
    else if (soonerBy(exchanges) > margin) overtaken++;
    if (overtaken === ENOUGH) return true;
  }
  return false;
}

/** The shortest head start with which no refusal was answered out of turn, ms; `undefined` where there is none. */
async function safeHeadStart(
  context: RaceContext,
  { refused, latencyMs }: IndependentCalls,
  transport: Transport,
): Promise<number | undefined> {
  // By then a server that takes one call after another may be done with all of them.
  const longest = Math.min(LONGEST_HEAD_START_MS, MOST_AHEAD * latencyMs);
  const ahead = Array.from({ length: MOST_AHEAD }, () => refused);
  for (let ms = SHORTEST_HEAD_START_MS; ms <= longest; ms *= 2)
    // Twice: a machine that was busy for a moment is not a way that changes orders.
    for (let attempt = 0; attempt < 2; attempt++) {
      let inTurn = 0;
      while (inTurn < CONTROLS && soonerBy(await sendLate(context, transport, [ahead, refused, ms])) <= 0)
        inTurn++;
      if (inTurn === CONTROLS) return ms;
    }
  return undefined;
}

/** How much sooner than the last of the others the last one was answered, ms; negative where it was later. */
function soonerBy(exchanges: readonly Exchange[]): number {
  const returns = exchanges.map((one) => one.return ?? Number.POSITIVE_INFINITY);
  return Math.max(...returns.slice(0, -1)) - (returns.at(-1) as number);
}

async function sendLate(
  context: RaceContext,
  transport: Transport,
  [ahead, last, lateMs]: readonly [ahead: readonly HttpRequest[], last: HttpRequest, lateMs: number],
): Promise<readonly Exchange[]> {
  const scheduled = ahead.map((request) => ({ request, offsetMs: 0 }));
  const burst = await sendTogether(context, transport, [...scheduled, { request: last, offsetMs: lateMs }]);
  return burst.exchanges;
}
