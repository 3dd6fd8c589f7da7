import { columnOf } from "../effects/values.ts";
import { isRefusal, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { uniqueOver } from "./syntax/unique.ts";

/** `get_or_create` makes one row of two only where the database refuses the second. */
export const uniqueConstraint: SourceFix = {
  id: "unique-constraint",
  title: "a unique constraint, with its migration",
  rules: new Set(["get-or-create-without-unique"]),
  propose(context): Proposal | Refusal {
    const { write, program } = context;
    const { owner } = write.query ?? {};
    const related = owner?.row.model && program.models.reverse(owner.row.model, owner.name)?.field;
    const lookups = [...(write.lookups ?? []), ...(related ? [related] : [])];
    if (lookups.some((one) => one.replace(/__exact$/, "").includes("__")))
      return refuse("the rows are looked for by more than equal columns, which no constraint covers");
    const columns = lookups.map((one) => columnOf(one.replace(/__exact$/, "")));
    const unique = uniqueOver(context, write.model, columns, new Map());
    if (isRefusal(unique)) return unique;
    return unique.others.size === 0 ? refuse("the model is not in sight") : { edits: [], ...unique };
  },
};
