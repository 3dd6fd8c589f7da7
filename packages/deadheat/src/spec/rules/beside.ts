import type { Operation } from "../../plan/operation.ts";
import { inTermsOf, shapeOf } from "../links.ts";
import { file, once } from "../lookup.ts";
import { referencesOf } from "../references.ts";
import { isMutator } from "./rule.ts";

const MOST_RIVALS = 2;

/** Other writes of the object that `operation` writes, nearest path first: `POST /orders/{id}/ship` beside `PATCH /orders/{id}`. */
export function writesBeside(operation: Operation, all: readonly Operation[]): Operation[] {
  const object = objectOf(operation);
  if (object === undefined) return [];
  const { writes, parts } = once(all, writesIn);
  // Two actions beside each other are of one object only where it is named: `/auth/register`, `/auth/renew`.
  const beside = object.includes("{}") || writesPart(operation) > 0 ? writes : parts;
  const rivals: Operation[] = [];
  for (const one of beside.get(object) ?? []) {
    if (rivals.length === MOST_RIVALS) break;
    if (one.id === operation.id || !one.bearer.some((scheme) => operation.bearer.includes(scheme))) continue;
    if (referencesOf(one, all).length === 0) rivals.push(inTermsOf(operation, one));
  }
  return rivals;
}

/** Writes by the object that they are of, nearest path first: all, and those that write a part of it. */
function writesIn(all: readonly Operation[]) {
  const writes = new Map<string, Operation[]>();
  const parts = new Map<string, Operation[]>();
  const beyond = ({ path }: Operation) => path.length - path.lastIndexOf("}");
  for (const one of all.filter(isMutator).sort((a, b) => beyond(a) - beyond(b))) {
    const object = objectOf(one);
    if (object === undefined) continue;
    file(writes, object, one);
    if (writesPart(one) > 0) file(parts, object, one);
  }
  return { writes, parts };
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
  return [...REFUSALS, ...(once(all, tellRefusals) ? [] : ALSO_REFUSALS)].find((status) =>
    statuses.includes(status),
  );
}

function tellRefusals(all: readonly Operation[]): boolean {
  return all.some((one) => REFUSALS.some((status) => one.statuses.includes(status)));
}
