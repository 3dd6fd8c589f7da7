import type { Site } from "../effects/values.ts";
import type { Writers } from "./rule.ts";

/** So many others that do it say that this is what is done here. */
const FEWEST = 2;

/** How many functions of a file other than this one do what `use` says, where they are enough to go by. */
export function othersThat(writers: Writers, use: string, fn: Site["fn"]): number | undefined {
  const others = new Set(writers.usesOf(use).map((one) => one.fn));
  others.delete(fn);
  return others.size < FEWEST ? undefined : others.size;
}
