import { NO_EFFECTS } from "../effects/effect.ts";
import { NO_ASSIGNED, NO_REFRESHES, NONE } from "../effects/values.ts";
import { SmallMap } from "../project/small-map.ts";

/** What comes next in the bytes of a graph. */
export const TAG = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  /** One below 2³¹. */
  integer: 4,
  number: 5,
  text: 6,
  /** What has been in these bytes before: a text or an object, by its turn. */
  known: 7,
  list: 8,
  map: 9,
  smallMap: 10,
  object: 11,
  /** An effect that stands for one of a called function. */
  takenOver: 12,
  function: 13,
  class: 14,
  module: 15,
  model: 16,
  modelOutside: 17,
  site: 18,
  /** One of `COMMON`. */
  common: 19,
} as const;

/** One object for all who have none: what is there once a row has some, is compared with it. */
export const COMMON: readonly object[] = [NONE, NO_REFRESHES, NO_ASSIGNED, NO_EFFECTS, SmallMap.empty];
