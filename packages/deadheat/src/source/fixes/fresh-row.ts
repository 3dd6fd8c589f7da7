import { type FixContext, isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { statementAt } from "./syntax/place.ts";
import { namedRow } from "./syntax/row.ts";
import { touchesOf } from "./syntax/touches.ts";
import { callAt, dotted } from "./syntax/walk.ts";

/** The object in use is the one that was read under the lock. */
export const freshRow: SourceFix = {
  id: "fresh-row",
  title: "the row as it is under the lock",
  rules: new Set(["stale-after-lock"]),
  propose(context): Proposal | Refusal {
    const { write, layout, node, candidate } = context;
    const row = namedRow(context);
    const lock = candidate.path.find((one) => one.role === "lock" && isOwn(context, one.site))?.site;
    if (!row || !lock) return refuse("the lock is taken in another function");
    if (
      write.guards.some(
        (one) => isOwn(context, one.site) && one.site.start < lock.start && isAbout(one, row.row.key),
      )
    )
      return refuse("the row is tested before it is locked");
    const from = row.row.fetch && isOwn(context, row.row.fetch.site) ? row.row.fetch.site.end : node.start;
    if (touchesOf(context, row, from, lock.start).length > 0)
      return refuse("something is set on the object before it is locked");
    const statement = statementAt(node, lock, layout.text);
    if (!statement || !layout.isAlone(statement)) return refuse("the lock is part of something larger");
    const isOne = /\.a?(get|first|last)\($/.test(headOf(context, lock));
    const wait = context.isAsync ? "await " : "";
    if (statement.kind === "expression" && row.isLocal && isOne)
      return { edits: [{ start: statement.start, end: statement.start, text: `${row.name} = ` }] };
    const indent = layout.indentAt(statement.start);
    const other = statement.kind === "assign" ? dotted(statement.target) : undefined;
    const again =
      row.isLocal && other !== undefined && /^\w+$/.test(other) && isOne
        ? `${row.name} = ${other}`
        : `${wait}${row.name}.${context.isAsync ? "a" : ""}refresh_from_db()`;
    return { edits: [layout.insertAfter(statement.end, [indent + again])] };
  },
};

function isAbout(guard: FixContext["write"]["guards"][number], key: string): boolean {
  return guard.deps.some((atom) => atom.kind === "field" && atom.row.key === key);
}

/** The text of a call up to its arguments. */
function headOf(
  { node, layout }: FixContext,
  site: { readonly start: number; readonly end: number },
): string {
  const call = callAt(node, site);
  return call ? `${layout.slice(call.callee)}(` : "";
}
