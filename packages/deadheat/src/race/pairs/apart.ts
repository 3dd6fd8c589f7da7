import type { RaceContext } from "../context.ts";
import { succeeded } from "../exchange.ts";
import { sendTogether } from "../together.ts";
import type { Transport } from "../transport/index.ts";
import type { Kind, OneAtATime, Pair, Scene } from "./pair.ts";
import { differences, readState, type State, seenFrom, without } from "./state.ts";

const TRIES = 5;
const ONE = { tokens: 1, users: 1 } as const;

/**
 * Whether the two requests of a pair take effect when they are made at once on objects that have nothing to do with
 * each other, of one principal where that can be. What is lost there as well is not lost by a race: a limiter that
 * answers 200 without doing anything looks like that.
 */
export async function takeEffectApart(
  context: RaceContext,
  pair: Pair,
  known: OneAtATime,
  transport: Transport,
): Promise<boolean> {
  for (let index = 0; index < TRIES; index++) {
    const first = await pair.scene(ONE);
    const second = await pair.scene(ONE, pair.hasObjects ? first.principal : undefined);
    const scenes = [first, second] as const;
    const before = [await told(context, first, known), await told(context, second, known)] as const;
    const requests = scenes.map((scene, kind) => ({
      request: scene.request(kind as Kind, scene.principal.token),
      offsetMs: 0,
    }));
    const { exchanges } = await sendTogether(context, transport, requests);
    for (const kind of [0, 1] as const) {
      const exchange = exchanges[kind];
      const after = seenFrom(before[kind], await told(context, scenes[kind], known));
      if (exchange && succeeded(exchange) && isMissing(known, kind, without(after, known.unstable)))
        return false;
    }
  }
  return true;
}

function told(context: RaceContext, scene: Scene, { telling }: OneAtATime): Promise<State> {
  return readState(
    context,
    { own: scene.own, reads: scene.reads.filter(({ name }) => telling.has(name)) },
    [],
  );
}

/** Every place that the request changes alone shows what it shows without it. */
function isMissing({ states }: OneAtATime, kind: Kind, state: State): boolean {
  const [none, alone] = [states.get(""), states.get(kind === 0 ? "a" : "b")] as [State, State];
  const places = differences(none, alone);
  return places.every((place) => none.get(place)?.join() === state.get(place)?.join());
}
