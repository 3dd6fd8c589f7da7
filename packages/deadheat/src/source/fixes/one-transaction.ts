import { isOwn, isRefusal, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { enclose } from "./syntax/enclose.ts";
import { spanning } from "./syntax/place.ts";

/** Two writes that belong together are committed together. */
export const oneTransaction: SourceFix = {
  id: "one-transaction",
  title: "both writes in one transaction",
  rules: new Set(["related-writes-without-transaction"]),
  propose(context): Proposal | Refusal {
    const { candidate, node, layout } = context;
    if (context.isAsync) return refuse("transaction.atomic cannot be used in a coroutine");
    const sites = candidate.path.filter((one) => one.role === "write").map((one) => one.site);
    if (sites.some((one) => !isOwn(context, one))) return refuse("one of the writes is in another function");
    const range = spanning(node, sites, layout.text);
    if (!range) return refuse("the writes are in different functions");
    const enclosed = enclose(context, range);
    return isRefusal(enclosed) ? enclosed : { edits: enclosed.edits([]) };
  },
};
