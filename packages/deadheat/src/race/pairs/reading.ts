import type { Stage } from "../../plan/interleaving.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, refused, succeeded } from "../exchange.ts";
import { holdBack, sendStaged } from "../together.ts";
import type { Transport } from "../transport/index.ts";
import type { OneAtATime, Pair, Scene } from "./pair.ts";
import type { Look } from "./parts.ts";
import { readState, type State, seenFrom, stateIn, without } from "./state.ts";

/** Readers side by side: each waits for its answers, and what is to be seen may be there for a moment only. */
const READERS = 2;
/** Of each, about so many while a call is under way: more cost requests, and show what is there for a shorter time. */
const LOOKS = 10;
/** Of a call that takes a second the steps may still be this close to each other. */
const LONGEST_PAUSE_MS = 20;

/** One write, and what reads showed until it was answered, and right after. */
export interface Reading {
  readonly scene: Scene;
  /** Monotonic ms. */
  readonly release: number;
  readonly write: Exchange;
  readonly looks: readonly Look[];
  readonly start: State;
  readonly after: State;
}

interface Terms {
  readonly transport: Transport;
  readonly known: OneAtATime;
  /** The write under another token of the principal, where there is one: a lock on the token's row lets no read in. */
  readonly secondToken: boolean;
}

/** Throws SetupFailed. */
export async function writeWhileReading(
  context: RaceContext,
  pair: Pair,
  { transport, known, secondToken }: Terms,
  stage?: Stage,
): Promise<Reading> {
  const whole = await pair.scene({ tokens: 1, users: 1 });
  const scene = { ...whole, reads: whole.reads.filter(({ name }) => known.telling.has(name)) };
  const { principal } = scene;
  const another = secondToken ? await principal.login?.() : undefined;
  const request = scene.request(0, another ?? principal.token);
  const start = await readState(context, scene, []);
  const looks: Look[] = [];
  const look = (name: string, exchange: Exchange) => {
    // What is not answered shows nothing.
    if (exchange.return === undefined || !(succeeded(exchange) || refused(exchange))) return;
    const state = without(seenFrom(start, stateIn(exchange, name, scene.own)), known.unstable);
    looks.push({ name, state, exchange, invoke: exchange.invoke, return: exchange.return });
  };
  const sent = stage
    ? await staged(context, transport, scene, request, stage, look)
    : await besideReaders(
        context,
        transport,
        scene,
        request,
        Math.min(known.latencyMs / LOOKS, LONGEST_PAUSE_MS),
        look,
      );
  if (looks.length === 0) throw new SetupFailed("no read was answered while the call was under way");
  return { scene, ...sent, looks, start, after: await stateNow(context, scene, start, known) };
}

export async function stateNow(
  context: RaceContext,
  scene: Scene,
  start: State,
  { unstable }: OneAtATime,
): Promise<State> {
  return without(seenFrom(start, await readState(context, scene, [])), unstable);
}

type Sent = Pick<Reading, "release" | "write">;

/** Reads from the release on: while connections are made and bytes are held back, they would show nothing. */
async function besideReaders(
  context: RaceContext,
  transport: Transport,
  { reads }: Scene,
  request: HttpRequest,
  pauseMs: number,
  look: (name: string, exchange: Exchange) => void,
): Promise<Sent> {
  const { clock, signal, session } = context;
  let over = false;
  const reader = async (offset: number) => {
    for (let turn = offset; !over; turn++) {
      const read = reads[turn % reads.length];
      if (!read) return;
      look(read.name, await session.send(read.request));
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
    }
  };
  const held = await holdBack(context, transport, request);
  try {
    const release = clock.now();
    held.release();
    const readers = Promise.all(Array.from({ length: READERS }, (_, index) => reader(index)));
    // They may fail before the write is answered, while nobody waits for them: the budget ends in any request.
    readers.catch(() => {});
    const write = await held.done;
    over = true;
    await readers;
    return { release, write };
  } finally {
    over = true;
    held.close();
  }
}

/** While the write is held before one of its statements, each read is made, and made again. */
async function staged(
  context: RaceContext,
  transport: Transport,
  { reads }: Scene,
  request: HttpRequest,
  stage: Stage,
  look: (name: string, exchange: Exchange) => void,
): Promise<Sent> {
  const [first] = reads;
  if (!first) throw new SetupFailed("there is no read");
  const { release, exchanges } = await sendStaged(
    context,
    transport,
    [request, first.request],
    stage,
    async (answer) => {
      look(first.name, answer);
      for (const read of [...reads.slice(1), ...reads])
        look(read.name, await context.session.send(read.request));
    },
  );
  return { release, write: exchanges[0] as Exchange };
}
