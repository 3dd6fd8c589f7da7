import type { Slot } from "../plan/operation.ts";
import { isObject, type Json, type JsonObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { escapePointer, flatten, slotOf, typeOf } from "./schema.ts";

const MAX_DEPTH = 4;

/** Places of a body that a write of a part of it may set. */
export interface Settable {
  /** Scalars of objects that need not be sent, which the sample leaves out. */
  readonly nested: readonly Slot[];
  /** Booleans, by JSON Pointer. */
  readonly flags: readonly string[];
  /** Objects that take any keys, by JSON Pointer. */
  readonly maps: readonly string[];
}

export function settableIn(document: OpenApiDocument, node: Json | undefined): Settable {
  const found = { nested: [] as Slot[], flags: [] as string[], maps: [] as string[] };
  visit(document, flatten(document, node), "", 0, found);
  return found;
}

function visit(
  document: OpenApiDocument,
  schema: JsonObject,
  pointer: string,
  depth: number,
  found: { nested: Slot[]; flags: string[]; maps: string[] },
): void {
  const type = typeOf(schema);
  if (schema.readOnly === true || depth > MAX_DEPTH) return;
  if (type === "boolean" && schema.const === undefined) found.flags.push(pointer);
  else if (type === "object") {
    if (takesAnyKey(schema)) found.maps.push(pointer);
    for (const [name, property] of Object.entries(isObject(schema.properties) ? schema.properties : {}))
      visit(document, flatten(document, property), `${pointer}/${escapePointer(name)}`, depth + 1, found);
  } else if (depth > 1 && (type === "string" || type === "integer" || type === "number"))
    found.nested.push(slotOf(schema, type, { pointer, name: nameOf(pointer), required: false, depth }));
}

/** `additionalProperties: true`, or an object of which nothing else is said. */
function takesAnyKey({ additionalProperties: more, properties }: JsonObject): boolean {
  if (more === false) return false;
  if (more === undefined) return !isObject(properties) || Object.keys(properties).length === 0;
  if (more === true) return true;
  const { type } = isObject(more) ? more : {};
  return type === undefined || type === "string";
}

function nameOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf("/") + 1);
}
