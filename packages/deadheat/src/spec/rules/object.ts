import type { Operation } from "../../plan/operation.ts";
import { shapeOf } from "../links.ts";
import { file } from "../lookup.ts";

/** The first object that a path names: `/teams/{}` of `/teams/{team}/members/{id}`; empty where it names none. */
export function firstObject({ path }: Operation): string {
  return shapeOf(path.slice(0, path.indexOf("}") + 1));
}

/** What acts on an object or inside of it, by that object. */
export function byFirstObject(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const one of operations) {
    const own = shapeOf(one.path);
    const object = own.slice(0, own.indexOf("}") + 1);
    if (object === own || own.startsWith(`${object}/`)) file(found, object, one);
  }
  return found;
}
