import type { Statement } from "../parse/syntax.ts";
import {
  type FixContext,
  isOwn,
  isRefusal,
  type Proposal,
  type Refusal,
  refuse,
  type SourceFix,
} from "./fix.ts";
import { enclose, withOf } from "./syntax/enclose.ts";
import { placesOf, spanning } from "./syntax/place.ts";
import { isMovable, mayBeAtomic, type Range, spanOf, unitOf } from "./syntax/range.ts";

/** A lock that is asked for before the transaction, or let go before the write, is held from the read to the write. */
export const keepLock: SourceFix = {
  id: "keep-lock",
  title: "the lock and the write in one transaction",
  rules: new Set(["lock-outside-atomic", "lock-released-early"]),
  propose(context) {
    if (context.isAsync) return refuse("transaction.atomic cannot be used in a coroutine");
    return context.finding.rule === "lock-released-early" ? prolonged(context) : begunEarlier(context);
  },
};

function begunEarlier(context: FixContext): Proposal | Refusal {
  const { write: lock, analysis, node, layout, finding } = context;
  if (finding.severity === "low")
    return refuse("whether whoever calls this has begun a transaction cannot be seen");
  const later = analysis.effects.find(
    (one) =>
      one.seq > lock.seq &&
      /^(save|update|delete|create)$/.test(one.kind) &&
      ownSite(context, one) !== undefined,
  );
  const [from, to] = [ownSite(context, lock), later && ownSite(context, later)];
  if (!from || !to || !later) return refuse("the write is in another function");
  const range = spanning(node, [from, to], layout.text);
  if (!range) return refuse("the lock and the write are in different functions");
  const enclosed = enclose(context, range, later.txns);
  return isRefusal(enclosed) ? enclosed : { edits: enclosed.edits([]) };
}

function ownSite(context: FixContext, effect: FixContext["write"]): FixContext["write"]["site"] | undefined {
  return [...effect.trail, effect.site].find((one) => isOwn(context, one));
}

/** What follows the block, up to the write, goes into it. */
function prolonged(context: FixContext): Proposal | Refusal {
  const { write, node, layout } = context;
  const site = ownSite(context, write);
  const opened = (write.row?.fetch?.txns ?? []).map((txn) => withOf(context, txn.site)).find((one) => one);
  if (!site || !opened) return refuse("the transaction that held the lock is in another function");
  const place = placesOf(node, opened, layout.text).at(-1);
  const reached = placesOf(node, site, layout.text).find((one) => one.suite === place?.suite);
  if (!place || !reached || reached.index <= place.index)
    return refuse("the write is not behind the block that holds the lock");
  const range: Range = { suite: place.suite, first: place.index + 1, last: reached.index };
  const statements = range.suite.slice(range.first, range.last + 1) as Statement[];
  if (!isMovable(context, statements)) return refuse("other statements stand on the same lines");
  const allowed = mayBeAtomic(context, range);
  if (isRefusal(allowed)) return allowed;
  const span = spanOf(range);
  // Comments between the two belong to what follows.
  const start = layout.nextLine(opened.end);
  return { edits: [...layout.indent({ start, end: span.end }, unitOf(context)), ...allowed.edits] };
}
