import type { ObjectRecipe } from "../plan/credential.ts";
import type { Leaf, Operation } from "../plan/operation.ts";
import type { Link } from "../plan/plan.ts";
import { shape } from "./linking/request.ts";
import { at, withId } from "./lookup.ts";

/**
 * For each path parameter, the operation that creates the object it names: the POST on the path's
 * container (`/coupons` for `/coupons/{code}/redeem`). `undefined` where a parameter has no producer.
 */
export function linksOf(
  operation: Operation,
  all: readonly Operation[],
  recipes: readonly ObjectRecipe[] = [],
): Link[] | undefined {
  const links: Link[] = [];
  for (const parameter of operation.pathParameters) {
    const recipe = recipes.find((one) => one.parameter === parameter && serves(one, operation));
    if (recipe) {
      links.push({ parameter, recipe });
      continue;
    }
    const container = shapeOf(containerOf(operation.path, parameter));
    const found = at(all, "POST", container).find(
      (one) => one.id !== operation.id && one.unfillable === undefined && callable(one, operation),
    );
    const elsewhere = found ? undefined : makerElsewhere(operation, parameter, all);
    if (!found && !elsewhere) return undefined;
    const producer = elsewhere ?? inTermsOf(operation, found as Operation);
    // Where the document does not describe the answer, the identifier is looked for in the answer itself.
    const pointers = producer.leaves ? identifierPointers(producer.leaves, parameter) : [];
    if (producer.leaves?.some((leaf) => !leaf.count) && pointers.length === 0) return undefined;
    const outer = linksOf(producer, all, recipes);
    if (!outer) return undefined;
    for (const link of outer) if (!links.some((one) => one.parameter === link.parameter)) links.push(link);
    const remover = removerOf(producer, parameter, all);
    links.push({ parameter, producer, pointers, ...(remover ? { remover } : {}) });
  }
  return links;
}

/**
 * The operation that the document names or implies as the maker, at another path: `POST /sites/{siteId}/deploys` for
 * `/deploys/{deployId}`. Not where both paths call different things alike: values go by parameter names.
 */
function makerElsewhere(
  operation: Operation,
  parameter: string,
  all: readonly Operation[],
): Operation | undefined {
  const id = operation.makers?.[parameter];
  const maker = id === undefined ? undefined : withId(all, id);
  if (maker?.method !== "POST" || maker.unfillable !== undefined || !callable(maker, operation))
    return undefined;
  const own = new Set(operation.pathParameters);
  const collides = maker.pathParameters.some(
    (name) => own.has(name) && prefixUpTo(maker.path, name) !== prefixUpTo(operation.path, name),
  );
  return collides ? undefined : maker;
}

function prefixUpTo(path: string, parameter: string): string {
  return shapeOf(path.slice(0, path.indexOf(`{${parameter}}`)));
}

function serves({ path }: ObjectRecipe, operation: Operation): boolean {
  return path === undefined || operation.path === path || operation.path.startsWith(`${path}/`);
}

/** The DELETE of the object that a producer made: `DELETE /coupons/{code}` for `POST /coupons`. */
export function removerOf(
  producer: Operation,
  parameter: string,
  all: readonly Operation[],
): Operation | undefined {
  const found = at(all, "DELETE", `${shapeOf(producer.path)}/{}`).find(
    (one) =>
      one.unfillable === undefined &&
      !one.body?.required &&
      (one.open || one.bearer.some((scheme) => producer.bearer.includes(scheme))),
  );
  return (
    found && inTermsOf({ ...producer, path: `${producer.path.replace(/\/+$/, "")}/{${parameter}}` }, found)
  );
}

/** What two spellings of a path share. */
export const shapeOf = shape;

/**
 * `other` with its path parameters named as `operation` names those in the same place: documents
 * write `/wallets/{id}` here and `/wallets/{wallet_id}/deposits` there.
 */
export function inTermsOf(operation: Operation, other: Operation): Operation {
  const names = parametersIn(operation.path);
  if (parametersIn(other.path).every((name, index) => name === names[index])) return other;
  let index = 0;
  const path = other.path.replace(/\{[^}]+\}/g, (own) => `{${names[index++] ?? own.slice(1, -1)}}`);
  return { ...other, path, pathParameters: parametersIn(path) };
}

function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
}

/** `/coupons` for `code` in `/coupons/{code}/redeem`. */
export function containerOf(path: string, parameter: string): string {
  return path.slice(0, path.indexOf(`/{${parameter}}`));
}

export function callable(producer: Operation, consumer: Operation): boolean {
  return producer.open || producer.bearer.some((scheme) => consumer.bearer.includes(scheme));
}

/** Leaves that may hold the identifier: the parameter's own name, then `id`, then other scalars. */
export function identifierPointers(leaves: readonly Leaf[], parameter: string): string[] {
  const rank = (leaf: Leaf): number => {
    const name = (leaf.pointer.split("/").at(-1) ?? "").toLowerCase();
    if (name === parameter.toLowerCase()) return 0;
    if (name === "id" || name === "uuid" || leaf.format === "uuid") return 1;
    if (parameter.toLowerCase().endsWith(name) || name.endsWith("id")) return 2;
    return leaf.type === "string" ? 3 : 4;
  };
  return leaves
    .filter((leaf) => !leaf.count && (leaf.type === "string" || leaf.type === "integer"))
    .map((leaf, order) => ({ leaf, order, rank: rank(leaf) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ leaf }) => leaf.pointer);
}
