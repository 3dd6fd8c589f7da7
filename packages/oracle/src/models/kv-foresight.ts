import type { History } from "../history.ts";
import type { KvInput } from "./kv.ts";

/**
 * Which values of one key can still lead to every `get` of its history.
 *
 * Between two puts a value only grows, so each value is the beginning of every later one: a value and a
 * `get` of the same put are beginnings of one another, or the history has no order that passes here. That
 * ends a wrong order of appends at once, instead of at the next `get`. It needs to be known which put a
 * value grew from: no put may begin another put or an append, nor an append begin a put.
 */
export function kvForesight(
  part: History<KvInput, string | undefined>,
): ((value: string) => boolean) | undefined {
  const puts: string[] = [];
  const appends = new Set<string>();
  const gets = new Set<string>();
  for (const { input, outcome, output } of part) {
    if (input.key !== part[0]!.input.key) return undefined;
    if (input.type === "put") puts.push(input.value);
    else if (input.type === "append") appends.add(input.value);
    else if (outcome === "ok" && output !== undefined) gets.add(output);
  }
  if (!areDistinguishable(puts, appends)) return undefined;

  const originOf = (value: string) => puts.find((put) => value.startsWith(put)) ?? "";
  /** The longest `get` of each put; null where two of them contradict each other. */
  const longest = new Map<string, string | null>();
  for (const get of gets) {
    const origin = originOf(get);
    const known = longest.get(origin);
    if (known === null) continue;
    if (known === undefined || get.startsWith(known)) longest.set(origin, get);
    else if (!known.startsWith(get)) longest.set(origin, null);
  }
  return (value) => {
    const get = longest.get(originOf(value));
    if (get === undefined) return true;
    return get !== null && (value.length < get.length ? get.startsWith(value) : value.startsWith(get));
  };
}

function areDistinguishable(puts: readonly string[], appends: ReadonlySet<string>): boolean {
  // Sorted, a beginning stands right before what it begins.
  const sorted = [...puts].sort();
  if (sorted[0] === "" || sorted.some((put, i) => i > 0 && put.startsWith(sorted[i - 1]!))) return false;
  for (const append of appends) {
    if (append !== "" && puts.some((put) => put.startsWith(append) || append.startsWith(put))) return false;
  }
  return true;
}
