import type { RaceContext } from "../context.ts";
import { succeeded } from "../exchange.ts";
import type { OneAtATime, Pair } from "./pair.ts";
import { differences, isOf, readState, type State, seenFrom, without } from "./state.ts";

/** Acknowledged calls that have to show in the very next read (DESIGN §6). */
const CONTROLS = 20;

/** What one read alone shows of a state. */
export function shownIn(state: State, name: string): State {
  return new Map([...state].filter(([place]) => isOf(place, name)));
}

/** The same of all that was read one at a time. */
export function statesIn({ states }: OneAtATime, name: string): Map<string, State> {
  return new Map([...states].map(([sequence, state]) => [sequence, shownIn(state, name)]));
}

/**
 * The read to which an effect of the first side shows although the second has ended what it rests on, and which
 * showed it at once in 20 of 20 calls: a replica that lags would look like an effect after the end.
 */
export async function watchedRead(
  context: RaceContext,
  pair: Pair,
  known: OneAtATime,
): Promise<string | undefined> {
  if (!pair.ends) return undefined;
  const name = [...known.telling].find((one) => outlives(known, one));
  if (name === undefined) return undefined;
  const expected = statesIn(known, name).get("a");
  for (let index = 0; index < CONTROLS; index++) {
    const scene = await pair.scene({ tokens: 1, users: 1 });
    const reads = scene.reads.filter((one) => one.name === name);
    const before = await readState(context, { ...scene, reads, made: undefined }, []);
    const exchange = await context.session.send(scene.request(0, scene.principal.token));
    const after = await readState(context, { ...scene, reads, made: undefined }, []);
    const shown = without(seenFrom(before, after), known.unstable);
    if (!succeeded(exchange) || !expected || differences(shown, expected).length > 0) return undefined;
  }
  return name;
}

function outlives(known: OneAtATime, name: string): boolean {
  const states = statesIn(known, name);
  const [ended, both, refused] = ["b", "a b", "b a"].map((sequence) => states.get(sequence));
  if (!ended || !both || !refused) return false;
  return differences(ended, both).length > 0 && differences(ended, refused).length === 0;
}
