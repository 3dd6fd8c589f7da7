import type { Transaction } from "../../effects/effect.ts";
import type { Span, Statement } from "../../parse/syntax.ts";
import { type FixContext, isOwn, isRefusal, type Refusal, refuse } from "../fix.ts";
import type { Edit } from "../text/edit.ts";
import { isMovable, mayBeAtomic, type Range, spanOf, unitOf, wrapped } from "./range.ts";
import { nodesIn } from "./walk.ts";

export type With = Statement & { readonly kind: "with" };

export interface Enclosed {
  /** The edits, with `inserted` lines at the head of the range, in the transaction. */
  edits(inserted: readonly string[]): readonly Edit[];
}

/**
 * One transaction around a range: the one that is there already, the one that begins too late (moved up), or a new
 * one around just these statements.
 */
export function enclose(
  context: FixContext,
  range: Range,
  txns: readonly Transaction[] = context.write.txns,
): Enclosed | Refusal {
  const { layout } = context;
  const span = spanOf(range);
  const statements = range.suite.slice(range.first, range.last + 1);
  if (!isMovable(context, statements)) return refuse("other statements stand on the same lines");
  if (isCovered(context, span, txns)) {
    const indent = layout.indentAt(span.start);
    return {
      edits: (inserted) =>
        inserted.length === 0
          ? []
          : [
              layout.insertBefore(
                span.start,
                inserted.map((one) => indent + one),
              ),
            ],
    };
  }
  const late = lateTransaction(context, range, txns);
  if (late) return movedUp(context, range, late);
  const allowed = mayBeAtomic(context, range);
  if (isRefusal(allowed)) return allowed;
  const transaction = context.use({ from: "django.db", name: "transaction", otherwise: "db_transaction" });
  const early = earlyTransaction(context, range, `${transaction}.atomic()`);
  if (early) return grown(context, range, early, allowed.edits);
  return {
    edits: (inserted) => {
      const edits = wrapped(context, range, `with ${transaction}.atomic():`, inserted);
      return isRefusal(edits) ? [] : [...edits, ...allowed.edits];
    },
  };
}

/** Is all of `span` in one transaction that the function's own text, its decorators or its settings open? */
export function isCovered(context: FixContext, span: Span, txns: readonly Transaction[]): boolean {
  return txns.some((txn) => {
    if (!isOwn(context, txn.site)) return false;
    const opened = withOf(context, txn.site);
    return opened === undefined || (opened.start <= span.start && span.end <= opened.end);
  });
}

export function withOf({ node }: FixContext, site: Span): With | undefined {
  for (const one of nodesIn(node))
    if (one.kind === "with" && (one as With).items.some((item) => item.value.start === site.start))
      return one as With;
  return undefined;
}

/** `with transaction.atomic():` as the last statement of the range, after what should be in it. */
function lateTransaction(context: FixContext, range: Range, txns: readonly Transaction[]): With | undefined {
  const last = range.suite[range.last] as Statement;
  if (last.kind !== "with" || last.items.length !== 1 || range.first === range.last) return undefined;
  const isOpened = txns.some((txn) => withOf(context, txn.site) === last);
  const { layout } = context;
  const header = layout.text.slice(layout.lineStart(last.start), (last.body[0] as Statement).start);
  const isPlain =
    /^[ \t]*with [^\n#]*:[ \t]*\r?\n[ \t]*$/.test(header) && last.items[0]?.target === undefined;
  return isOpened && isPlain ? last : undefined;
}

/** `with transaction.atomic():` as the first statement of the range, before what should be in it as well. */
function earlyTransaction({ layout }: FixContext, range: Range, atomic: string): With | undefined {
  const first = range.suite[range.first] as Statement;
  if (first.kind !== "with" || first.items.length !== 1 || range.first === range.last) return undefined;
  const header = layout.text.slice(layout.lineStart(first.start), (first.body[0] as Statement).start);
  return new RegExp(`^[ \\t]*with ${atomic.replace(/[.()]/g, "\\$&")}:[ \\t]*\\r?\\n[ \\t]*$`).test(header)
    ? first
    : undefined;
}

/** What follows the block goes into it. */
function grown(context: FixContext, range: Range, early: With, more: readonly Edit[]): Enclosed {
  const { layout } = context;
  const [head] = early.body;
  const start = (head as Statement).start;
  const indent = layout.indentAt(start);
  const after = layout.nextLine(early.end);
  return {
    edits: (inserted) => [
      ...(inserted.length === 0
        ? []
        : [
            layout.insertBefore(
              start,
              inserted.map((one) => indent + one),
            ),
          ]),
      ...layout.indent({ start: after, end: spanOf(range).end }, unitOf(context)),
      ...more,
    ],
  };
}

/** The header goes up, what it leaves behind it goes in; its own block stays as it is. */
function movedUp(context: FixContext, range: Range, late: With): Enclosed | Refusal {
  const { layout } = context;
  const before: Range = { suite: range.suite, first: range.first, last: range.last - 1 };
  const allowed = mayBeAtomic(context, before);
  if (isRefusal(allowed)) return allowed;
  const span = spanOf(before);
  const header = { start: layout.lineStart(late.start), end: layout.nextLine(late.start) };
  const unit = unitOf(context);
  const indent = layout.indentAt(span.start);
  return {
    edits: (inserted) => [
      {
        start: layout.lineStart(span.start),
        end: layout.lineStart(span.start),
        text: layout.slice(header) + inserted.map((one) => indent + unit + one + layout.newline).join(""),
      },
      ...layout.indent({ start: span.start, end: header.start }, unit),
      { ...header, text: "" },
      ...allowed.edits,
    ],
  };
}
