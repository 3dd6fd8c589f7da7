import type { History } from "../history.ts";
import type { Shortcut } from "../model.ts";
import type { CounterInput } from "./counter.ts";

export function counterShortcut(
  _initial: number,
  _part: History<CounterInput, number | undefined>,
): Shortcut | undefined {
  return undefined;
}
