import type { Expression } from "../parse/syntax.ts";
import { type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { statementAt } from "./syntax/place.ts";
import { type Call, dotted } from "./syntax/walk.ts";

/** A queryset that was to lock a row is read, and the row that it brings is the one that is used. */
export const evaluateLock: SourceFix = {
  id: "evaluate-lock",
  title: "the lock is read",
  rules: new Set(["lock-never-evaluated"]),
  propose(context): Proposal | Refusal {
    const { write, layout, node } = context;
    const statement = statementAt(node, write.site, layout.text);
    if (!statement || !layout.isAlone(statement)) return refuse("the queryset is part of something larger");
    const value =
      statement.kind === "expression" || statement.kind === "assign" ? statement.value : undefined;
    if (value?.kind !== "call" || value.callee.kind !== "attribute")
      return refuse("the queryset is part of something larger");
    const name = rowNamed(value);
    if (!name || value.callee.name !== "filter") return refuse("which object is the locked row is not said");
    if (context.isAsync) return refuse("transaction.atomic cannot be used in a coroutine");
    const filter = value.callee;
    const isGiven = name === "self" || name.includes(".") || node.parameters.some((one) => one.name === name);
    const edits = [{ start: filter.end - "filter".length, end: filter.end, text: "get" }];
    if (isGiven)
      return {
        edits: [
          ...edits,
          layout.insertAfter(statement.end, [`${layout.indentAt(statement.start)}${name}.refresh_from_db()`]),
        ],
      };
    const end = statement.kind === "assign" ? value.start : statement.start;
    return { edits: [{ start: statement.start, end, text: `${name} = ` }, ...edits] };
  },
};

/** `x` of `filter(pk=x.pk)`. */
function rowNamed(call: Call): string | undefined {
  const [only, ...more] = call.args;
  if (!only || more.length > 0 || !/^(pk|id)$/.test(only.name ?? "")) return undefined;
  const value: Expression = only.value;
  return value.kind === "attribute" && /^(pk|id)$/.test(value.name) ? dotted(value.object) : undefined;
}
