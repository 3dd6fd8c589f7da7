import { isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { columnsToSave } from "./syntax/columns.ts";
import { namedRow } from "./syntax/row.ts";
import { callAt } from "./syntax/walk.ts";

/** `save()` writes the columns that were changed, and no others. */
export const nameColumns: SourceFix = {
  id: "name-columns",
  title: "save(update_fields=…)",
  rules: new Set(["whole-row-save"]),
  propose(context): Proposal | Refusal {
    const { write, node, layout } = context;
    const row = namedRow(context);
    const call = isOwn(context, write.site) ? callAt(node, write.site) : undefined;
    if (!row || !call || call.args.length > 0) return refuse("the save is not a plain save()");
    const columns = columnsToSave(context, row);
    if (!columns) return refuse("which columns were changed cannot be told from this function alone");
    const at = layout.text.lastIndexOf(")", call.end);
    return {
      edits: [{ start: at, end: at, text: `update_fields=[${columns.map((one) => `"${one}"`).join(", ")}]` }],
    };
  },
};
