import { compatible, type Effect, sameTransaction } from "../effects/effect.ts";
import { columnOf, meansRow, type Row } from "../effects/values.ts";
import type { Models } from "../project/models.ts";
import { isIntegrityHandled } from "./creation.ts";
import type { RuleContext } from "./rule.ts";

/**
 * `Extension.objects.create(order=order)` beside `order.state = "extended"`, where an order has one extension: of two
 * that both found the old state the database refuses one, and what it wrote is undone. `handled`: somebody says so.
 */
export function refusedTogether(
  { effects, program }: Pick<RuleContext, "effects" | "program">,
  row: Row,
  write: Effect,
  acts: readonly Effect[],
): "handled" | "error" | undefined {
  const claim = effects.find(
    (one) =>
      one.kind === "create" &&
      sameTransaction(one.txns, write.txns) &&
      compatible(one.steps, write.steps) &&
      isOneOf(one, row, program.models) &&
      acts.every((act) => act.seq >= one.seq || isUndone(act, one)),
  );
  if (!claim) return undefined;
  return isIntegrityHandled(claim) ? "handled" : "error";
}

/** A unique set of the new row says nothing but which row it belongs to. */
function isOneOf({ model, fields }: Effect, row: Row, models: Models): boolean {
  if (!model || !fields) return false;
  const isOfRow = (name: string) => {
    const value = [...fields.values()].find((one) => columnOf(one.name) === columnOf(name))?.value;
    if (value?.kind === "row") return meansRow(value, row.key);
    return value?.kind === "scalar" && value.literal !== undefined;
  };
  const sets = models.uniqueSets(model).filter((one) => !one.conditional && one.fields.join() !== "id");
  return sets.some(
    (set) =>
      set.fields.length > 0 &&
      set.fields.every(isOfRow) &&
      // (A number that is always the same is none of this row's.)
      set.fields.some((name) => fields.get(name)?.value.kind === "row"),
  );
}

/** Taken back with the transaction. */
function isUndone({ kind, txns }: Effect, claim: Effect): boolean {
  return !/^(external|command)$/.test(kind) && sameTransaction(txns, claim.txns);
}
