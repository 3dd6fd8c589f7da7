import { isOwn, isRefusal, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { enclose } from "./syntax/enclose.ts";
import { spanning, statementAt } from "./syntax/place.ts";
import { lockInto } from "./syntax/row.ts";
import { callAt } from "./syntax/walk.ts";

/** The token's row is read under a lock, and what it permits is written before the lock ends: a revocation waits. */
export const lockToken: SourceFix = {
  id: "lock-token",
  title: "a lock on the token, in one transaction with the write",
  rules: new Set(["bearer-check-then-act"]),
  propose(context): Proposal | Refusal {
    const { candidate, write, node, layout } = context;
    if (context.isAsync) return refuse("transaction.atomic cannot be used in a coroutine");
    const read = candidate.path.find((one) => one.role === "read" && isOwn(context, one.site))?.site;
    const end = [...write.trail, write.site].find((one) => isOwn(context, one));
    const call = read && callAt(node, read);
    if (!read || !call || !end) return refuse("the token is read in another function");
    const statement = statementAt(node, read, layout.text);
    if (statement?.kind !== "assign") return refuse("the token's row has no name");
    const isLocked = /select_for_update/.test(layout.slice(call));
    const lock = isLocked ? undefined : lockInto(context, call);
    if (!isLocked && !lock) return refuse("the read of the token cannot lock");
    const range = spanning(node, [read, end], layout.text);
    if (!range) return refuse("the check and the write are in different functions");
    const enclosed = enclose(context, range);
    if (isRefusal(enclosed)) return enclosed;
    const edits = enclosed.edits([]);
    return {
      edits: lock ? [...edits, { start: lock.at, end: lock.at, text: lock.text }] : edits,
      warnings: ["Revoking has to take the same lock, or to delete the row."],
    };
  },
};
