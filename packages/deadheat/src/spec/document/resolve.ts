import { isObject, type Json, type JsonObject } from "./json.ts";
import type { OpenApiDocument } from "./load.ts";

/** Follows references until a node that is none; `undefined` where one leads nowhere or in a circle. */
export function resolve(document: OpenApiDocument, node: Json | undefined): Json | undefined {
  let current = node;
  let seen: Set<string> | undefined;
  while (isObject(current) && typeof current.$ref === "string") {
    const reference = current.$ref;
    if (seen?.has(reference)) return undefined;
    seen ??= new Set();
    seen.add(reference);
    current = document.follow(reference);
  }
  return current;
}

/** As `resolve`, for places where only an object makes sense. */
export function resolveObject(document: OpenApiDocument, node: Json | undefined): JsonObject | undefined {
  const value = resolve(document, node);
  return isObject(value) ? value : undefined;
}
