import { Marks } from "./marks.ts";
import type { Value } from "./values.ts";

export const outsideClasses = new Marks<Value, string>();

/** `letter = EmailMultiAlternatives(…)`: what it is called says little, and its class is out of sight. */
export function noteMadeOf(made: Value, dotted: string): void {
  outsideClasses.set(made, dotted);
}

/** Name of the class out of sight of which an object was made in this function. */
export function madeOf(value: Value): string {
  return outsideClasses.get(value) ?? "";
}
