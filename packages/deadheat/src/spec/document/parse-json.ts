import type { Json } from "./json.ts";
import { JsonPlaces } from "./json-places.ts";
import { lineCounter } from "./lines.ts";
import type { Mistake, Parsed } from "./parsed.ts";

/** Parses a JSON text; a mistake where it is none. */
export function parseJson(text: string): Parsed | Mistake {
  const positionOf = lineCounter(text);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const { message } = error as Error;
    const named = / (?:in JSON )?at position (\d+)/.exec(message);
    const offset = named ? Number(named[1]) : text.trimEnd().length;
    return { message: message.slice(0, named?.index).split("\n")[0] ?? "", position: positionOf(offset) };
  }
  const places = new JsonPlaces(text);
  return {
    value,
    mistakes: [],
    locate: (path) => positionOf(places.offsetOf(path)),
    startOf: (path) => places.valueOf(path),
  };
}
