import type { OneAtATime } from "./pair.ts";
import type { State } from "./state.ts";

/**
 * Whether every place of a state shows what the requests may have made of it: what it showed after some sequence of
 * them, or the effects of those that were acknowledged added up. Anything else was made by something else.
 */
export function couldBeTheirs(
  { states }: OneAtATime,
  acknowledged: readonly [number, number],
  final: State,
): boolean {
  const places = new Set([...final.keys(), ...[...states.values()].flatMap((state) => [...state.keys()])]);
  const at = (sequence: string, place: string) => states.get(sequence)?.get(place);
  return [...places].every((place) => {
    const shown = final.get(place);
    if ([...states.values()].some((state) => state.get(place)?.join() === shown?.join())) return true;
    if (shown === undefined) return false;
    const before = at("", place) ?? [];
    const effects = [at("a", place), at("b", place)] as const;
    return sums(before, effects, acknowledged).some((sum) => sum.join() === shown.join());
  });
}

/** The state before and the effect of each side as often as it was acknowledged, or less often. */
function sums(
  before: readonly string[],
  [a, b]: readonly [readonly string[] | undefined, readonly string[] | undefined],
  [mostA, mostB]: readonly [number, number],
): string[][] {
  const found: string[][] = [];
  for (let i = 0; i <= mostA; i++)
    for (let j = 0; j <= mostB; j++) {
      const sum = added(added(before, before, a, i), before, b, j);
      if (sum) found.push(sum);
    }
  return found;
}

function added(
  to: readonly string[] | undefined,
  before: readonly string[],
  after: readonly string[] | undefined,
  times: number,
): string[] | undefined {
  if (!to) return undefined;
  if (times === 0) return [...to];
  if (!after) return undefined;
  const [was, is, now] = [numberIn(before), numberIn(after), numberIn(to)];
  // A number in one place: what was added to it is added again. Decimals travel as text.
  if (was !== undefined && is !== undefined && now !== undefined) {
    const sum = Number((now + times * (is - was)).toFixed(6));
    return [before[0]?.startsWith('"') ? JSON.stringify(decimalLike(before[0], sum)) : JSON.stringify(sum)];
  }
  const more = [...after];
  for (const value of before) {
    const index = more.indexOf(value);
    if (index < 0) return undefined;
    more.splice(index, 1);
  }
  return [...to, ...Array.from({ length: times }, () => more).flat()].sort();
}

function numberIn(values: readonly string[]): number | undefined {
  const [only = "", ...others] = values;
  if (others.length > 0 || !/^"?-?\d{1,15}(\.\d+)?"?$/.test(only)) return undefined;
  return Number(only.replaceAll('"', ""));
}

/** As many decimals as the text had before. */
function decimalLike(text: string, value: number): string {
  return value.toFixed(/\.(\d+)"$/.exec(text)?.[1]?.length ?? 0);
}
