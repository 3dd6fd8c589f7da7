import type { Operation } from "../plan/operation.ts";
import type { MadeObject } from "../plan/plan.ts";
import { callable, identifierPointers, inTermsOf, shapeOf } from "./links.ts";
import { at, file, once } from "./lookup.ts";

/**
 * The read of what `operation` makes: `GET /notes/{id}` for `POST /notes`; for `POST /tasks/{id}/notes` also
 * `GET /notes/{note}`, which needs nothing else to be named.
 */
export function madeBy(operation: Operation, all: readonly Operation[]): MadeObject | undefined {
  if (operation.method !== "POST") return undefined;
  const path = shapeOf(operation.path);
  const collection = path.slice(path.lastIndexOf("/"));
  const fits = (one: Operation) => one.unfillable === undefined && callable(one, operation);
  const inside = at(all, "GET", `${path}/{}`).find(fits);
  const alone = once(all, readsOfOne).get(`${collection}/{}`)?.find(fits);
  const found = alone ?? inside;
  if (!found) return undefined;
  const read =
    found === inside
      ? inTermsOf({ ...operation, path: `${operation.path.replace(/\/+$/, "")}/{}` }, found)
      : found;
  const parameter = read.pathParameters.at(-1);
  if (parameter === undefined) return undefined;
  return { read, parameter, pointers: identifierPointers(operation.leaves ?? [], parameter) };
}

/** Reads that name one object only, by the last two segments of their paths: `/notes/{}`. */
function readsOfOne(all: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const one of all) {
    if (one.method !== "GET" || one.pathParameters.length !== 1) continue;
    const [collection = "", last] = shapeOf(one.path).split("/").slice(-2);
    if (last === "{}") file(found, `/${collection}/{}`, one);
  }
  return found;
}
