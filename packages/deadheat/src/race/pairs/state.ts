import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import type { Change } from "../kept-here.ts";
import type { Read, Scene } from "./pair.ts";

/**
 * What reads show: by place (`GET /notes/{id} /title`), the values that are there, sorted, each as JSON. Items of
 * a list share their places, so their order does not matter; how many there are stands at `/-`. Losing which values
 * stood together can only hide a difference, never make one.
 */
export type State = ReadonlyMap<string, readonly string[]>;

const READ_ATTEMPTS = 3;
/** Shorter texts stand in too many other ones to be taken for a name. */
const SHORTEST_NAME = 6;
const MADE = "objects that the answers name";

/** One answer that a state was read from. */
export interface Answer {
  /** Of the read, as its places begin. */
  readonly name: string;
  readonly exchange: Exchange;
}

/**
 * Reads the state of a scene. Throws SetupFailed where a read gives neither an answer nor a refusal.
 * @param answers what it was read from is added to it
 */
export async function readState(
  context: RaceContext,
  scene: Pick<Scene, "reads" | "own"> & { readonly made?: Scene["made"] | undefined },
  exchanges: readonly Exchange[],
  answers: Answer[] = [],
): Promise<State> {
  const state = new Map<string, string[]>();
  for (const read of scene.reads) {
    const exchange = await answered(context, read);
    answers.push({ name: read.name, exchange });
    for (const [place, values] of stateIn(exchange, read.name, scene.own)) state.set(place, [...values]);
  }
  if (scene.made) {
    let there = 0;
    for (const request of scene.made(exchanges)) {
      const exchange = await answered(context, { name: "what was made", request });
      answers.push({ name: MADE, exchange });
      if (succeeded(exchange)) there++;
    }
    note(state, MADE, there);
  }
  for (const values of state.values()) values.sort();
  return state;
}

/** What the answer of one read shows. */
export function stateIn(exchange: Exchange, name: string, own: ReadonlyMap<string, string>): State {
  const state = new Map<string, string[]>();
  note(state, `${name} answers`, succeeded(exchange) ? "ok" : "refused");
  if (succeeded(exchange)) flatten(exchange.body, name, "", own, state);
  for (const values of state.values()) values.sort();
  return state;
}

async function answered(context: RaceContext, { name, request }: Read): Promise<Exchange> {
  for (let attempt = 1; ; attempt++) {
    const exchange = await context.session.send(request);
    if (succeeded(exchange) || refused(exchange)) return exchange;
    if (attempt === READ_ATTEMPTS)
      throw new SetupFailed(`${name} answered ${exchange.status ?? exchange.failure}`);
  }
}

function flatten(
  value: unknown,
  name: string,
  pointer: string,
  own: ReadonlyMap<string, string>,
  state: Map<string, string[]>,
): void {
  if (Array.isArray(value)) {
    note(state, `${name} ${pointer}/-`, value.length);
    for (const item of value) flatten(item, name, `${pointer}/*`, own, state);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, name, `${pointer}/${key}`, own, state);
  } else note(state, `${name} ${pointer}`, typeof value === "string" ? renamed(value, own) : value);
}

function note(state: Map<string, string[]>, place: string, value: unknown): void {
  const values = state.get(place) ?? [];
  values.push(JSON.stringify(value) ?? "null");
  state.set(place, values);
}

/** Numbers are left as they are: the number that names an object in one run is a quantity in another. */
function renamed(text: string, own: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [value, name] of own)
    if (value.length >= SHORTEST_NAME) result = result.replaceAll(value, `{${name}}`);
  return result;
}

/** What a state shows in place of a text that is as it was: texts of equal set-ups need not be equal. */
const UNCHANGED = "as it was";

/** A state as seen from another one. Numbers stay as they are: their differences are what is looked at. */
export function seenFrom(before: State, state: State): State {
  return new Map(
    [...state].map(([place, values]) => {
      const [only = "", ...others] = values;
      const isText = others.length === 0 && only.startsWith('"') && !/^"-?\d/.test(only);
      const same = isText && before.get(place)?.join() === values.join();
      return [place, same ? [UNCHANGED] : values];
    }),
  );
}

/** Places at which two states differ; a place that one of them lacks is one of them. */
export function differences(a: State, b: State): string[] {
  const places = new Set([...a.keys(), ...b.keys()]);
  return [...places].filter((place) => a.get(place)?.join() !== b.get(place)?.join());
}

/** Those of the named reads that show a difference between some of the states. */
export function tellingReads(states: readonly State[], names: readonly string[]): Set<string> {
  const [first = new Map(), ...others] = states;
  const places = others.flatMap((state) => differences(first, state));
  return new Set(names.filter((name) => places.some((place) => isOf(place, name))));
}

/** Whether a place of a state is shown by the read of this name. */
export function isOf(place: string, name: string): boolean {
  return place === `${name} answers` || place.startsWith(`${name} /`) || place === `${name} `;
}

/** What became of each place; of those that differ from run to run, nothing is said. */
export function changesBetween(before: State, after: State, unstable: Unstable): Change[] {
  return differences(before, after).flatMap((place): Change[] => {
    if (unstable.has(place)) return [];
    const [old = [], recent = []] = [before.get(place), after.get(place)];
    if (place.endsWith(" answers")) return recent.join() === OK ? [] : [{ before: "there" }];
    if (old.length === 1 && recent.length === 1)
      return [{ before: parsed(old[0]), after: parsed(recent[0]) }];
    const added = recent.filter((one) => !old.includes(one)).map((one) => ({ after: parsed(one) }));
    return added.length > 0 ? added : [{ before: parsed(old[0]) }];
  });
}

const OK = JSON.stringify("ok");

function parsed(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  return value === UNCHANGED ? "there" : JSON.parse(value);
}

/** What differs from run to run: left out, or seen by its kind where that does not differ. */
export type Unstable = ReadonlyMap<string, "left-out" | "kind">;

export function without(state: State, unstable: Unstable): State {
  return new Map(
    [...state].flatMap(([place, values]) => {
      const how = unstable.get(place);
      if (how === "left-out") return [];
      return [[place, how === "kind" ? kindsIn(values) : values] as const];
    }),
  );
}

/** A time differs in each run; that there is one, where there was none, does not. */
export function kindsIn(values: readonly string[]): string[] {
  return values.map((value) => (value === "null" ? "null" : "something")).sort();
}
