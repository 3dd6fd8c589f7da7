import type { Leaf, Operation } from "../plan/operation.ts";
import type { Link } from "../plan/plan.ts";

/**
 * For each path parameter, the operation that creates the object it names: the POST on the path's
 * container (`/coupons` for `/coupons/{code}/redeem`). `undefined` where a parameter has no producer.
 */
export function linksOf(operation: Operation, all: readonly Operation[]): Link[] | undefined {
  const links: Link[] = [];
  for (const parameter of operation.pathParameters) {
    const container = containerOf(operation.path, parameter);
    const producer = all.find(
      (one) =>
        one.method === "POST" &&
        one.path === container &&
        one.id !== operation.id &&
        callable(one, operation),
    );
    const pointers = producer ? identifierPointers(producer.leaves ?? [], parameter) : [];
    if (!producer || pointers.length === 0) return undefined;
    const outer = linksOf(producer, all);
    if (!outer) return undefined;
    for (const link of outer) if (!links.some((one) => one.parameter === link.parameter)) links.push(link);
    links.push({ parameter, producer, pointers });
  }
  return links;
}

/** `/coupons` for `code` in `/coupons/{code}/redeem`. */
export function containerOf(path: string, parameter: string): string {
  return path.slice(0, path.indexOf(`/{${parameter}}`));
}

function callable(producer: Operation, consumer: Operation): boolean {
  return producer.open || producer.bearer.some((scheme) => consumer.bearer.includes(scheme));
}

/** Leaves that may hold the identifier: the parameter's own name, then `id`, then other scalars. */
function identifierPointers(leaves: readonly Leaf[], parameter: string): string[] {
  const rank = (leaf: Leaf): number => {
    const name = (leaf.pointer.split("/").at(-1) ?? "").toLowerCase();
    if (name === parameter.toLowerCase()) return 0;
    if (name === "id" || name === "uuid" || leaf.format === "uuid") return 1;
    if (parameter.toLowerCase().endsWith(name) || name.endsWith("id")) return 2;
    return leaf.type === "string" ? 3 : 4;
  };
  return leaves
    .filter((leaf) => leaf.type === "string" || leaf.type === "integer")
    .map((leaf, order) => ({ leaf, order, rank: rank(leaf) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ leaf }) => leaf.pointer);
}
