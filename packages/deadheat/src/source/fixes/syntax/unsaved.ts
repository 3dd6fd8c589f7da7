import type { Expression, Statement } from "../../parse/syntax.ts";
import type { FixContext } from "../fix.ts";
import type { NamedRow } from "./row.ts";
import { dotted, nodesIn } from "./walk.ts";

/** Says that what it returns is new, or changed and not saved. */
export const MAKES =
  /(^|(?<!get_or|update_or)[._])(save|build|make|new|create|init|Form|Serializer|from_\w+|clone|copy)\w*\(/;

/**
 * An object that came from a form, a serializer or something else that fills objects: it may not be in the database
 * yet, and it may hold what is not.
 */
export function isUnsaved({ node, layout, write }: FixContext, { row, name }: NamedRow): boolean {
  if (row.origin === "new") return true;
  if (row.fetch) return false;
  for (const one of nodesIn(node)) {
    if (one.kind !== "assign" || one.start > write.site.start) continue;
    const { target, value } = one as Statement & { target: Expression; value?: Expression };
    if (dotted(target) === name && value && MAKES.test(layout.slice(value))) return true;
  }
  return false;
}
