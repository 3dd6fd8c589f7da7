import type { Effect } from "../../effects/effect.ts";
import { columnOf } from "../../effects/values.ts";
import { sameModel } from "../../project/model.ts";
import { type Belonging, isDeletionAbove, ownersOf, rowKey, writtenKey } from "./halves.ts";

/**
 * `Order.objects.filter(channel=old).update(channel=new)`, then `old.delete()`, or what else hangs on it: some of what
 * was there is with the new one, and the old one is there as well.
 */
export const movedOut: Belonging = ({ first, second }) => {
  if (second.kind !== "delete" && !isDeletionAbove(second)) return undefined;
  const deleted = [writtenKey(second), ...ownersOf(second.query).map((one) => one.key)];
  const isLeft = leftBy(first).some((one) => deleted.includes(one));
  return isLeft
    ? "rows are moved to another one, then that from which they were moved is deleted, or what else hangs on it, in no transaction"
    : undefined;
};

/** Rows from which others are taken by a write, and given to another of the same table. */
function leftBy({ kind, fields, query, row }: Effect): string[] {
  if (kind !== "update" && kind !== "save") return [];
  const given = [...(fields ?? [])].flatMap(([name, { value }]) =>
    value.kind === "row" ? [{ name: columnOf(name), value }] : [],
  );
  return ownersOf(row?.fetch?.query ?? query).flatMap(({ key, column, model }) => {
    const isMoved = given.some(
      ({ name, value }) =>
        rowKey(value.key) !== key &&
        (column === undefined ? sameModel(value.model, model) : name === columnOf(column)),
    );
    return isMoved ? [key] : [];
  });
}
