import type { Effect } from "../../effects/effect.ts";
import { EXTERNAL_CALL } from "../../facts/names.ts";
import type { Span, Statement } from "../../parse/syntax.ts";
import { type FixContext, isOwn, type Refusal, refuse } from "../fix.ts";
import type { Edit } from "../text/edit.ts";
import { afterCommit } from "./after-commit.ts";
import { placesOf } from "./place.ts";
import { type Call, dotted, nodesIn } from "./walk.ts";

/** A run of statements of one suite. */
export interface Range {
  readonly suite: readonly Statement[];
  readonly first: number;
  readonly last: number;
}

export function spanOf({ suite, first, last }: Range): Span {
  return { start: (suite[first] as Statement).start, end: (suite[last] as Statement).end };
}

/** What the function's own indentation is made of. */
export function unitOf({ layout, node, fn }: FixContext): string {
  const [body] = node.body;
  const outer = layout.indentAt(definitionStart(layout.text, fn));
  const inner = body ? layout.indentAt(body.start) : "";
  return inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : "    ";
}

function definitionStart(
  text: string,
  { start, name }: { readonly start: number; readonly name: string },
): number {
  const at = text.indexOf(`def ${name}`, start);
  return at < 0 ? start : at;
}

/** Says that it talks to somebody, whatever is in it: `publish_cancel_signal`, `gateway.charge`. */
const TALKS =
  /(^|[._])(charge|capture|payout|publish|upload|put_object|webhook|notify|notification|send|deliver|enqueue|broadcast|email|sms|push)(_\w*)?$|(^|[._])(refund|request|urlopen|post|fetch_url|call_api)$/i;

/** `self._slack_client.chat_postMessage`, `redis.set`. */
const THROUGH =
  /(^|[._])(client|gateway|http|transport|mailer|smtp|s3|boto3?|redis|stripe|twilio|slack\w*|telegram\w*|sdk|producer|broker|channel_layer)\.(\w+\.)*(?!(save|delete|refresh_from_db|get|filter|all|first|exists|count|update|create|get_\w+_display)$)\w+$/;

/** Calls that leave the process, own ones and those in called functions. */
function externalsIn(
  context: FixContext,
  span: Span,
): { readonly call: Call; readonly isOwnCall: boolean }[] {
  const inside = (one: Span) => span.start <= one.start && one.end <= span.end;
  const sites = context.analysis.effects
    .filter((one) => one.kind === "external" && !one.deferred)
    .map((one) => ({
      site: [...one.trail, one.site].find((at) => isOwn(context, at)),
      isOwnCall: one.trail.length === 0,
    }));
  const found: { call: Call; isOwnCall: boolean }[] = [];
  for (const node of nodesIn(context.node)) {
    if (node.kind !== "call" || !inside(node)) continue;
    const call = node as Call;
    const known = sites.find((one) => one.site?.start === node.start && one.site.end === node.end);
    const name = dotted(call.callee) ?? (call.callee.kind === "attribute" ? call.callee.name : "");
    if (known) found.push({ call, isOwnCall: known.isOwnCall });
    else if (
      EXTERNAL_CALL.test(name) ||
      (THROUGH.test(name) && !/\.objects\./.test(name)) ||
      (TALKS.test(name) && !/signal|_(send|sent)\b|^[a-z_]+\.send$/.test(name))
    )
      found.push({ call, isOwnCall: false });
  }
  return found.filter(({ call }) => !isDeferred(context, call));
}

/** Handed to `on_commit`, or in a lambda. */
function isDeferred(context: FixContext, call: Call): boolean {
  for (const node of nodesIn(context.node)) {
    const within = node.start <= call.start && call.end <= node.end && node !== call;
    if (within && node.kind === "lambda") return true;
    if (within && node.kind === "call" && /on_commit$/.test(dotted((node as Call).callee) ?? "")) return true;
  }
  return false;
}

/**
 * Whether the statements of `range` may run in one transaction: nothing leaves the process in it (what can wait for
 * the commit is made to), nothing that was to stay is rolled back, and it is all in one function.
 */
export function mayBeAtomic(
  context: FixContext,
  range: Range,
): { readonly edits: readonly Edit[] } | Refusal {
  const { layout, node } = context;
  const span = spanOf(range);
  for (const one of nodesIn(node))
    if (one.kind === "yield" && span.start <= one.start && one.end <= span.end)
      return refuse("a transaction would stay open while the generator waits");
  const edits: Edit[] = [];
  for (const { call, isOwnCall } of externalsIn(context, span)) {
    const line = layout.text.slice(0, call.start).split("\n").length;
    const deferred = isOwnCall ? afterCommit(context, call) : undefined;
    if (!deferred)
      return refuse(
        `line ${line} leaves the process (${dotted(call.callee) ?? "a call"}) between the read and the write, and must not wait in a transaction`,
      );
    edits.push(...deferred);
  }
  const undone = undoneWrite(context, span);
  if (undone) return refuse(undone);
  return { edits };
}

/** `attempts += 1; save(); raise Refused`: in a transaction the exception would take the write back. */
function undoneWrite(context: FixContext, span: Span): string | undefined {
  const { node, layout } = context;
  const own = (one: Effect) => [...one.trail, one.site].find((at) => isOwn(context, at));
  const writes = context.analysis.effects
    .filter((one) => /^(save|update|create|delete|get-or-create|spend)$/.test(one.kind))
    .map(own)
    .filter(
      (one): one is NonNullable<typeof one> =>
        one !== undefined && span.start <= one.start && one.end <= span.end,
    );
  for (const one of nodesIn(node)) {
    if (one.kind !== "raise" || one.start < span.start || one.end > span.end) continue;
    const raise = placesOf(node, one, layout.text);
    for (const write of writes) {
      if (write.start > one.start) continue;
      const place = placesOf(node, write, layout.text).at(-1);
      const shared = raise.find((at) => at.suite === place?.suite);
      if (shared && place && place.index < shared.index)
        return `line ${layout.text.slice(0, one.start).split("\n").length} raises after a write that is meant to stay, and a transaction would undo it`;
    }
  }
  return undefined;
}

/** Puts `header` above the range and moves the range in. `inserted` are lines at the new indentation. */
export function wrapped(
  context: FixContext,
  range: Range,
  header: string,
  inserted: readonly string[],
): readonly Edit[] | Refusal {
  const { layout } = context;
  const span = spanOf(range);
  const statements = range.suite.slice(range.first, range.last + 1);
  if (!isMovable(context, statements)) return refuse("other statements stand on the same lines");
  const indent = layout.indentAt(span.start);
  const unit = unitOf(context);
  const first = layout.lineStart(span.start);
  return [
    {
      start: first,
      end: first,
      text: [indent + header, ...inserted.map((one) => indent + unit + one)]
        .map((one) => one + layout.newline)
        .join(""),
    },
    ...layout.indent({ start: first, end: span.end }, unit),
  ];
}

/** Each stands on lines of its own. */
export function isMovable({ layout }: FixContext, statements: readonly Statement[]): boolean {
  const [first, last] = [statements[0], statements.at(-1)];
  if (!first || !last) return false;
  const before = layout.text.slice(layout.lineStart(first.start), first.start);
  const after = layout.text.slice(last.end, layout.nextLine(last.end));
  return /^[ \t]*$/.test(before) && /^[ \t]*;?[ \t]*(#[^\n]*)?\r?\n?$/.test(after);
}
