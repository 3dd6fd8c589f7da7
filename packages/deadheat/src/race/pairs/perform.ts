import type { Stage } from "../../plan/interleaving.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, succeeded } from "../exchange.ts";
import { sendStaged, sendTogether } from "../together.ts";
import type { Token } from "../token.ts";
import type { Transport } from "../transport/index.ts";
import type { Casting, Kind, Pair, Scene } from "./pair.ts";
import { type Answer, readState, type State, seenFrom } from "./state.ts";

/** Set-up, the requests in some way, and the state before and after them. */
export interface Performance {
  readonly scene: Scene;
  readonly kinds: readonly Kind[];
  /** Monotonic ms. */
  readonly release: number;
  /** As `kinds` lists them. */
  readonly exchanges: readonly Exchange[];
  /** The state before the requests as it was read; those below are as seen from it. */
  readonly start: State;
  readonly before: State;
  /** After each request, where the state was read there. */
  readonly between: readonly State[];
  readonly after: State;
  /** What one read showed right after a request of the second kind was acknowledged. */
  readonly seen?: Seen;
  /** When the last reading began and ended, monotonic ms, and what it was made of. */
  readonly read: { readonly invoke: number; readonly return: number; readonly answers: readonly Answer[] };
}

/** From a fresh set-up, one at a time: back to back, or with the state read after each. Throws SetupFailed. */
export async function performInTurn(
  context: RaceContext,
  pair: Pair,
  casting: Casting,
  kinds: readonly Kind[],
  {
    readBetween = false,
    telling,
  }: { readonly readBetween?: boolean; readonly telling?: ReadonlySet<string> } = {},
): Promise<Performance> {
  return perform(context, pair, casting, kinds, telling, async (scene, requests) => {
    const release = context.clock.now();
    const exchanges: Exchange[] = [];
    const between: State[] = [];
    for (const request of requests) {
      exchanges.push(await context.session.send(request));
      if (readBetween) between.push(await readState(context, scene, exchanges));
    }
    return { release, exchanges, between };
  });
}

export interface BurstTerms {
  readonly transport: Transport;
  readonly offsetMs: number;
  /** The reads that are needed. */
  readonly telling: ReadonlySet<string>;
  /** Of these, the one that is made at once when a request of the second kind was acknowledged. */
  readonly watched?: string;
}

/** From a fresh set-up, together. Requests of the second kind leave `offsetMs` later; where it is negative, earlier. */
export async function performTogether(
  context: RaceContext,
  pair: Pair,
  casting: Casting,
  kinds: readonly Kind[],
  { transport, offsetMs, telling, watched }: BurstTerms,
  stage?: Stage,
): Promise<Performance> {
  return perform(context, pair, casting, kinds, telling, async (scene, requests) => {
    const [first, second] = requests;
    let seen: Promise<Seen> | undefined;
    const watch = (exchange: Exchange) => {
      if (watched !== undefined && succeeded(exchange)) seen ??= look(context, scene, watched);
    };
    if (stage && first && second) {
      const afterSecond = async (exchange: Exchange) => {
        watch(exchange);
        await seen;
      };
      const staged = await sendStaged(context, transport, [first, second], stage, afterSecond);
      return { ...staged, between: [], ...(seen ? { seen: await seen } : {}) };
    }
    const late = (place: number) => (pair.alike ? place > 0 : kinds[place] === 1);
    const scheduled = requests.map((request, place) => ({
      request,
      offsetMs: late(place) ? Math.max(0, offsetMs) : Math.max(0, -offsetMs),
    }));
    const burst = await sendTogether(context, transport, scheduled, (place, exchange) => {
      if (kinds[place] === 1) watch(exchange);
    });
    return { ...burst, between: [], ...(seen ? { seen: await seen } : {}) };
  });
}

/** What one read showed while requests were under way. */
export interface Seen {
  readonly name: string;
  readonly state: State;
  readonly exchange: Exchange | undefined;
  readonly invoke: number;
  readonly return: number;
}

async function look(context: RaceContext, { reads, own }: Scene, name: string): Promise<Seen> {
  const invoke = context.clock.now();
  const answers: Answer[] = [];
  const state = await readState(
    context,
    { reads: reads.filter((one) => one.name === name), own },
    [],
    answers,
  );
  return { name, state, exchange: answers.at(-1)?.exchange, invoke, return: context.clock.now() };
}

async function perform(
  context: RaceContext,
  pair: Pair,
  casting: Casting,
  kinds: readonly Kind[],
  telling: ReadonlySet<string> | undefined,
  send: (
    scene: Scene,
    requests: readonly HttpRequest[],
  ) => Promise<Pick<Performance, "release" | "exchanges" | "between" | "seen">>,
): Promise<Performance> {
  const whole = await pair.scene(casting);
  const scene = { ...whole, reads: whole.reads.filter(({ name }) => telling?.has(name) ?? true) };
  const tokens = await callers(scene, casting);
  const requests = kinds.map((kind, place) =>
    scene.request(kind, tokens[(pair.alike ? place : kind) % tokens.length] as Token),
  );
  const before = await readState(context, scene, []);
  const sent = await send(scene, requests);
  const invoke = context.clock.now();
  const answers: Answer[] = [];
  const after = await readState(context, scene, sent.exchanges, answers);
  return {
    scene,
    kinds,
    release: sent.release,
    exchanges: sent.exchanges,
    start: before,
    before: seenFrom(before, before),
    between: sent.between.map((one) => seenFrom(before, one)),
    after: seenFrom(before, after),
    ...(sent.seen ? { seen: { ...sent.seen, state: seenFrom(before, sent.seen.state) } } : {}),
    read: { invoke, return: context.clock.now(), answers },
  };
}

/** A lock on the token's row holds up one token of a user, not the other; one on the user's row one user. */
async function callers({ principal, other }: Scene, { tokens, users }: Casting): Promise<Token[]> {
  if (users === 2) {
    if (!other) throw new SetupFailed("no second principal can be had");
    return [principal.token, other.token];
  }
  if (tokens === 1) return [principal.token];
  const another = await principal.login?.();
  if (!another) throw new SetupFailed("no second token of the same principal can be had");
  return [principal.token, another];
}
