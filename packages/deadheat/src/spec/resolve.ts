import { isObject, type Json, type JsonObject } from "./load.ts";

/** Follows local references until a node that is none; `undefined` where one leads nowhere or in a circle. */
export function resolve(root: JsonObject, node: Json | undefined): Json | undefined {
  const seen = new Set<string>();
  let current = node;
  while (isObject(current) && typeof current.$ref === "string") {
    const reference = current.$ref;
    if (seen.has(reference) || !reference.startsWith("#/")) return undefined;
    seen.add(reference);
    current = at(root, reference.slice(1));
  }
  return current;
}

/** As `resolve`, for places where only an object makes sense. */
export function resolveObject(root: JsonObject, node: Json | undefined): JsonObject | undefined {
  const value = resolve(root, node);
  return isObject(value) ? value : undefined;
}

function at(root: JsonObject, pointer: string): Json | undefined {
  let current: Json | undefined = root;
  for (const raw of pointer.split("/").slice(1)) {
    const key = decodeURIComponent(raw).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(current)) current = current[Number(key)];
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current;
}
