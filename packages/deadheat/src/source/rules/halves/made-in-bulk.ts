import { columnOf } from "../../effects/values.ts";
import { sameModel } from "../../project/model.ts";
import type { Models } from "../../project/models.ts";
import { type Belonging, callsTo } from "./halves.ts";

/**
 * `Payload.objects.bulk_create(payloads)`, then `Delivery.objects.bulk_create(deliveries)`, each of which has one of the
 * payloads: who clears away payloads without a delivery finds all of them in between.
 */
export function madeInBulkOf(models: Models): Belonging {
  return (halves) => {
    const { first, second } = halves;
    if (callsTo(halves) > 1 || first.name !== "bulk_create" || second.name !== "bulk_create")
      return undefined;
    const [made, parts] = [first.model, second.model];
    if (!made || !parts || sameModel(made, parts)) return undefined;
    const fields = models.fields(parts);
    const isGiven = second.lookups?.some((name) => sameModel(fields.get(columnOf(name))?.target, made));
    return isGiven ? "rows are made at once, then those that hang on them, in no transaction" : undefined;
  };
}
