import type { FixContext } from "../fix.ts";
import type { Edit } from "../text/edit.ts";
import { statementAt } from "./place.ts";
import type { Call } from "./walk.ts";

/**
 * `task.delay(row.pk)` becomes `transaction.on_commit(partial(task.delay, row.pk))`: what is passed is still computed
 * where it stood. `undefined` where the call's result is used, or where it cannot be named.
 */
export function afterCommit(context: FixContext, call: Call): readonly Edit[] | undefined {
  const { layout, node } = context;
  const statement = statementAt(node, call, layout.text);
  if (
    statement?.kind !== "expression" ||
    statement.value.start !== call.start ||
    statement.value.end !== call.end
  )
    return undefined;
  const transaction = context.use({ from: "django.db", name: "transaction", otherwise: "db_transaction" });
  if (call.args.length === 0)
    return [
      { start: call.start, end: call.start, text: `${transaction}.on_commit(` },
      { start: call.callee.end, end: call.end, text: ")" },
    ];
  const partial = context.use({ from: "functools", name: "partial" });
  const open = layout.text.indexOf("(", call.callee.end);
  const inner = layout.text.slice(open + 1, call.end - 1);
  // Over several lines, the function stands on a line of its own like its arguments.
  const gap = /^\s*\n\s*/.exec(inner)?.[0] ?? "";
  const callee = layout.slice(call.callee);
  return [
    {
      start: call.start,
      end: open + 1,
      text: `${transaction}.on_commit(${partial}(${gap}${callee},${gap === "" ? " " : ""}`,
    },
    { start: call.end, end: call.end, text: ")" },
  ];
}
