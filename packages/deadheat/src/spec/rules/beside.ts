import type { Operation } from "../../plan/operation.ts";
import { inTermsOf, shapeOf } from "../links.ts";
import { referencesOf } from "../references.ts";
import { isMutator } from "./rule.ts";

const MOST_RIVALS = 2;

/** Other writes of the object that `operation` writes, nearest path first: `POST /orders/{id}/ship` beside `PATCH /orders/{id}`. */
export function writesBeside(operation: Operation, all: readonly Operation[]): Operation[] {
  const object = objectOf(operation);
  if (object === undefined) return [];
  return (
    all
      .filter((one) => one.id !== operation.id && isMutator(one) && objectOf(one) === object)
      // Two actions beside each other are of one object only where it is named: `/auth/register`, `/auth/renew`.
      .filter((one) => object.includes("{}") || writesPart(operation) + writesPart(one) > 0)
      .filter((one) => one.bearer.some((scheme) => operation.bearer.includes(scheme)))
      .filter((one) => referencesOf(one, all).length === 0)
      .map((one) => inTermsOf(operation, one))
      .sort((a, b) => a.path.length - b.path.length)
      .slice(0, MOST_RIVALS)
  );
}

/** Where a pair is to be told of at one of its two operations: at the one that writes parts, else at the first by name. */
export function isTold(operation: Operation, rival: Operation): boolean {
  const parts = writesPart(operation) - writesPart(rival);
  return parts > 0 || (parts === 0 && operation.id < rival.id);
}

const writesPart = ({ method }: Operation): number => Number(method === "PUT" || method === "PATCH");

/** `/orders/{}` of `/orders/{id}` and `/orders/{id}/ship`, `/me` of `/me` and `POST /me/avatar`. */
function objectOf({ path, method }: Operation): string | undefined {
  const end = path.lastIndexOf("}") + 1;
  const rest = path.slice(end).split("/").filter(Boolean);
  // `POST /orders/{id}/items/archived` is about something inside of it.
  if (end > 0) return rest.length <= 1 ? shapeOf(path.slice(0, end)) : undefined;
  return method === "POST" ? shapeOf(path).replace(/\/[^/]*$/, "") : shapeOf(path);
}

/** Answers that refuse for what the state is; and those that refuse for that where a document has no others. */
const REFUSALS = ["409", "422", "423", "412", "402"];
const ALSO_REFUSALS = ["403", "400"];

/** An answer by which an operation refuses for what the state is: 400 says that only where nothing else does. */
export function refusalOf({ statuses }: Operation, all: readonly Operation[]): string | undefined {
  const told = all.some((one) => REFUSALS.some((status) => one.statuses.includes(status)));
  return [...REFUSALS, ...(told ? [] : ALSO_REFUSALS)].find((status) => statuses.includes(status));
}
