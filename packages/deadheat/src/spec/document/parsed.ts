import type { Json } from "./json.ts";
import type { Position } from "./lines.ts";

/** A JSON or YAML text as a value, and a way to say where something stands in it. */
export interface Parsed {
  readonly value: Json;
  /** Mistakes after which a value could be made all the same. */
  readonly mistakes: readonly Mistake[];
  /** Of the longest beginning of the path that there is: of a member's key. */
  locate(path: readonly string[]): Position;
  /** The offset at which the value itself begins, `undefined` where that is not in this text. */
  startOf(path: readonly string[]): number | undefined;
}

export interface Mistake {
  readonly message: string;
  readonly position: Position;
}
