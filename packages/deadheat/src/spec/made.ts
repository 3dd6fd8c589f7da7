import type { Operation } from "../plan/operation.ts";
import type { MadeObject } from "../plan/plan.ts";
import { callable, identifierPointers, inTermsOf, shapeOf } from "./links.ts";

/**
 * The read of what `operation` makes: `GET /notes/{id}` for `POST /notes`; for `POST /tasks/{id}/notes` also
 * `GET /notes/{note}`, which needs nothing else to be named.
 */
export function madeBy(operation: Operation, all: readonly Operation[]): MadeObject | undefined {
  if (operation.method !== "POST") return undefined;
  const path = shapeOf(operation.path);
  const collection = path.slice(path.lastIndexOf("/"));
  const reads = all.filter(
    (one) => one.method === "GET" && one.unfillable === undefined && callable(one, operation),
  );
  const inside = reads.find((one) => shapeOf(one.path) === `${path}/{}`);
  const alone = reads.find(
    (one) => one.pathParameters.length === 1 && shapeOf(one.path).endsWith(`${collection}/{}`),
  );
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
