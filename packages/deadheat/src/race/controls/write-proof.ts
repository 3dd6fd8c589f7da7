import { compose } from "../compose.ts";
import type { Principal } from "../credentials/index.ts";
import { succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import type { Token } from "../token.ts";
import { type Proof, type Suspicion, TRIES, unclear } from "./proof.ts";
import { callWith, recorded } from "./scene.ts";
import { leavesIn } from "./shown.ts";

const IDLE_MS = 40;
const GOOD_CALLS = 2;
/** An effect that has not shown by then is none. */
const SHOWS_WITHIN_MS = 400;
const POLL_MS = 50;

type State = ReadonlyMap<string, unknown>;

/**
 * Whether a call that let a credential in has the effect that it has under a good token: seen in what the owner
 * reads, in three calls of three, each on an object of its own where the operation names one.
 */
export async function writeProof(suspicion: Suspicion, owner: Principal): Promise<Proof> {
  const { scene, act, presented, good } = suspicion;
  if (!good) return unclear("there is no other token to see its effect with");
  if (act.observers.length === 0) return unclear("no read shows its effect");
  const principal = { ...owner, token: good };
  const known = await knownEffect(suspicion, principal, good);
  if ("note" in known) return known;
  const [place = ""] = known.places;
  const exchanges = [];
  let seen = 0;
  for (let index = 0; index < TRIES; index++) {
    const fixture = act.links.length > 0 ? await setUp(scene.context, act, principal) : known.fixture;
    const tried = await under(suspicion, fixture, presented, good);
    // All of it: a time of the last attempt may rightly change with a call that was turned away.
    const whole = [...known.places].every((place) => tried.places.has(place));
    if (succeeded(tried.exchange) && whole) seen++;
    else if (index === 0) return { answer: "withheld", exchanges: [], controls: [], note: "without effect" };
    const shows = whole ? `changed ${place}` : undefined;
    exchanges.push(recorded(scene, tried.exchange, presented.does, shows));
  }
  if (seen === TRIES) {
    const on = act.links.length > 0 ? await setUp(scene.context, act, principal) : known.fixture;
    const after = await scene.caller.send(callWith(scene, act, on, good));
    if (!succeeded(after))
      return unclear(`the good token was answered ${after.status ?? after.failure} afterwards`);
  }
  const controls = [
    `under a good token the same call changes ${place}, and nothing changed before it`,
    `${seen} of ${TRIES} calls changed it, as read with the good token`,
  ];
  if (seen === TRIES) return { answer: "accepted", exchanges, controls, note: `changes ${place}` };
  if (seen > 0) return unclear(`${seen} of ${TRIES} calls took effect`);
  return { answer: "withheld", exchanges, controls, note: "without effect" };
}

/** What the call changes under a good token, each time: on two objects, so that a place in a list is none. */
async function knownEffect(
  suspicion: Suspicion,
  principal: Principal,
  good: Token,
): Promise<{ readonly fixture: Fixture; readonly places: ReadonlySet<string> } | Proof> {
  const { scene, act } = suspicion;
  const fixture = await setUp(scene.context, act, principal);
  const places: Set<string>[] = [];
  for (let index = 0; index < GOOD_CALLS; index++) {
    const on = act.links.length > 0 && index > 0 ? await setUp(scene.context, act, principal) : fixture;
    const seen = await under(suspicion, on, good, good);
    const { status, failure } = seen.exchange;
    if (!succeeded(seen.exchange)) return unclear(`the good token was answered ${status ?? failure}`);
    places.push(seen.places);
  }
  const [first = new Set<string>(), ...rest] = places;
  const common = new Set([...first].filter((place) => rest.every((one) => one.has(place))));
  if (common.size === 0) return unclear("no read shows its effect, with a good token either");
  return { fixture, places: common };
}

/** Calls once; the places of the state that were still before it and are others after it. */
async function under(
  { scene, act }: Suspicion,
  fixture: Fixture,
  presented: { readonly headers: Readonly<Record<string, string>> },
  reader: Token,
) {
  const { context } = scene;
  const read = () => stateOf({ scene, act } as Suspicion, fixture, reader);
  const before = await read();
  await context.clock.sleep(IDLE_MS, context.signal);
  const idle = await read();
  const exchange = await scene.caller.send(callWith(scene, act, fixture, presented));
  const end = context.clock.now() + SHOWS_WITHIN_MS;
  let places: Set<string>;
  for (;;) {
    places = changes(before, idle, await read());
    if (places.size > 0 || !succeeded(exchange) || context.clock.now() > end) return { exchange, places };
    await context.clock.sleep(POLL_MS, context.signal);
  }
}

function changes(before: State, idle: State, after: State): Set<string> {
  const all = new Set([...idle.keys(), ...after.keys()]);
  return new Set(
    [...all].filter((key) => before.get(key) === idle.get(key) && idle.get(key) !== after.get(key)),
  );
}

/** What the reads beside the operation show, and whether they answer at all. */
async function stateOf({ scene, act }: Suspicion, { bindings }: Fixture, token: Token): Promise<State> {
  const state = new Map<string, unknown>();
  for (const observer of act.observers) {
    const answer = await scene.caller.send(compose(observer, { bindings, token }));
    const name = `${observer.method} ${observer.path}`;
    state.set(name, succeeded(answer));
    if (succeeded(answer))
      for (const [pointer, value] of leavesIn(answer.body)) state.set(`${pointer} of ${name}`, value);
  }
  return state;
}
