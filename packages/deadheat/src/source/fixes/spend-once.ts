import { isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { statementAt } from "./syntax/place.ts";
import { unitOf } from "./syntax/range.ts";
import { callAt } from "./syntax/walk.ts";

/**
 * Who asks the blacklist whether it was the one that put the token there, and goes on only then. simplejwt's
 * `blacklist()` answers as `get_or_create` does: the row, and whether it is new. `InvalidToken` is a 401 wherever it
 * is raised; `TokenError` is one in simplejwt's own views only.
 */
export const spendOnce: SourceFix = {
  id: "spend-once",
  title: "only who retired the token issues a successor",
  rules: new Set(["refresh-rotation"]),
  propose(context): Proposal | Refusal {
    const { write: spend, node, layout } = context;
    const call = isOwn(context, spend.site) ? callAt(node, spend.site) : undefined;
    if (call?.callee.kind !== "attribute" || call.callee.name !== "blacklist")
      return refuse("what retires the token is not simplejwt's blacklist()");
    const statement = statementAt(node, spend.site, layout.text);
    if (statement?.kind !== "expression" || !layout.isAlone(statement))
      return refuse("the answer of blacklist() is used otherwise");
    const error = context.use({ from: "rest_framework_simplejwt.exceptions", name: "InvalidToken" });
    const indent = layout.indentAt(statement.start) + unitOf(context);
    return {
      edits: [
        { start: statement.start, end: statement.start, text: "if not " },
        { start: statement.end, end: statement.end, text: "[1]:" },
        layout.insertAfter(statement.end, [`${indent}raise ${error}("Token is blacklisted")`]),
      ],
    };
  },
};
