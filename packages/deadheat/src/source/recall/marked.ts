import { members } from "../effects/collections.ts";
import { lookups } from "../effects/conditions.ts";
import { left } from "../effects/effect.ts";
import { flagsOf } from "../effects/flags.ts";
import type { Marks } from "../effects/marks.ts";
import { outsideClasses } from "../effects/outside-classes.ts";
import { rescues } from "../effects/rescued.ts";

interface Marked {
  readonly marks: Marks<object, unknown>;
  /** Whether an object with these properties may have one: most have none, and need not be asked. */
  readonly isOn: (keys: ReadonlySet<string>) => boolean;
}

const isStep: Marked["isOn"] = (keys) => keys.has("branch") && keys.has("arm");
const isValue: Marked["isOn"] = (keys) => keys.has("kind") && keys.has("deps") && !keys.has("seq");
const isEffect: Marked["isOn"] = (keys) => keys.has("txns") && keys.has("handlers");

function marked<K extends object, V>(marks: Marks<K, V>, isOn: Marked["isOn"]): Marked {
  return { marks: marks as unknown as Marks<object, unknown>, isOn };
}

/** All that is known of the objects of a summary beside what is in them. */
export const MARKED: readonly Marked[] = [
  marked(left, isStep),
  marked(flagsOf, isStep),
  marked(rescues, isEffect),
  marked(lookups, isValue),
  marked(outsideClasses, isValue),
  marked(members, (keys) => keys.has("items")),
];
