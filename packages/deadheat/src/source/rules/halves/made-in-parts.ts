import { type Belonging, callsTo, givenRows, isMadeBy } from "./halves.ts";

/**
 * `order = Order.objects.create(…)`, then `Line.objects.create(order=order, …)` for each of what was asked for: where one
 * of them is refused, there is an order with some of its lines.
 */
export const madeInParts: Belonging = (halves) => {
  const { first, second } = halves;
  if (callsTo(halves) > 1 || first.kind !== "create" || second.kind !== "create") return undefined;
  if (second.name.startsWith("relation.") || second.loop <= first.loop) return undefined;
  const isPart = givenRows(second).some((one) => isMadeBy(one, first));
  return isPart ? "a row is made, then its parts one by one, in no transaction" : undefined;
};
