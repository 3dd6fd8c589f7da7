import type { ObjectRecipe } from "../plan/credential.ts";
import { lastParameterOf, type Operation } from "../plan/operation.ts";
import type { Act, Link } from "../plan/plan.ts";
import { linksOf } from "./links.ts";

/**
 * For a `PUT` whose last path parameter nothing makes: its caller names what it writes. `undefined` where an
 * operation makes it, or where the parameter is no text.
 */
export function chosenOf(
  operation: Operation,
  all: readonly Operation[],
  objects: readonly ObjectRecipe[],
): { readonly links: readonly Link[]; readonly chosen: NonNullable<Act["chosen"]> } | undefined {
  const parameter = lastParameterOf(operation);
  const slot = parameter === undefined ? undefined : operation.pathSlots?.[parameter];
  if (operation.method !== "PUT" || parameter === undefined || slot?.type !== "string" || slot.fixed)
    return undefined;
  if (slot.format === "uuid" || /(^|_)id$|[a-z]Id$/.test(parameter)) return undefined;
  if (linksOf(operation, all, objects)) return undefined;
  const others = operation.pathParameters.filter((one) => one !== parameter);
  const links = linksOf({ ...operation, pathParameters: others }, all, objects);
  return links && { links, chosen: { parameter, slot } };
}
