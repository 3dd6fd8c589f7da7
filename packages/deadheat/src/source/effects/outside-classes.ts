import type { Value } from "./values.ts";

const classes = new WeakMap<Value, string>();

/** `letter = EmailMultiAlternatives(…)`: what it is called says little, and its class is out of sight. */
export function noteMadeOf(made: Value, dotted: string): void {
  classes.set(made, dotted);
}

/** Name of the class out of sight of which an object was made in this function. */
export function madeOf(value: Value): string {
  return classes.get(value) ?? "";
}
