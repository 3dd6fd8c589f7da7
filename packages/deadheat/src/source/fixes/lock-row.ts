import type { Guard } from "../effects/effect.ts";
import { columnOf } from "../effects/values.ts";
import type { Span, Statement } from "../parse/syntax.ts";
import {
  type FixContext,
  isOwn,
  isRefusal,
  type Proposal,
  type Refusal,
  refuse,
  type SourceFix,
} from "./fix.ts";
import { keepUnsaved } from "./syntax/callers.ts";
import { enclose } from "./syntax/enclose.ts";
import { spanning, statementAt } from "./syntax/place.ts";
import { type Range, spanOf, unitOf } from "./syntax/range.ts";
import { keyOf, lockInto, managerOf, type NamedRow, namedRow, readsOf } from "./syntax/row.ts";
import { sourcesOf, withDecisions } from "./syntax/sources.ts";
import { touchesOf } from "./syntax/touches.ts";
import { isUnsaved, MAKES } from "./syntax/unsaved.ts";
import { type Call, callAt, dotted, nodesIn } from "./syntax/walk.ts";
import type { Edit } from "./text/edit.ts";
import { withoutStrings } from "./text/strings.ts";

/** The row is read under a lock, before the read that the write depends on, in the transaction that writes it. */
export const lockRow: SourceFix = {
  id: "lock-row",
  title: "a lock on the row, in one transaction with the write",
  rules: new Set([
    "python-counter",
    "read-modify-write",
    "json-in-python",
    "check-then-act",
    "atomic-without-lock",
    "validation-outside-transaction",
    "lock-wrong-row",
    "lock-never-evaluated",
    "lost-put",
    "single-use-without-claim",
    "limit-then-act",
    "stale-after-lock",
  ]),
  propose(context) {
    if (context.isAsync) return refuse("transaction.atomic cannot be used in a coroutine");
    const row = namedRow(context);
    if (!row) return refuse("the row has no name in this function");
    const spans = spansOf(context, row);
    if (isRefusal(spans)) return spans;
    return locked(context, row, spans);
  },
};

interface Spans {
  /** What must be under the lock; the read that brings the row is not among it. */
  readonly needed: readonly Span[];
  readonly fetch: Span | undefined;
}

/** The places between which nobody else may change the row. */
function spansOf(context: FixContext, named: NamedRow): Spans | Refusal {
  const { row } = named;
  const { write, candidate } = context;
  const end = [...write.trail, write.site].find((one) => isOwn(context, one));
  if (!end) return refuse("what is read and what is written are in different functions");
  const before = actsBefore(context);
  if (isRefusal(before)) return before;
  const fetchSite = row.fetch && [...row.fetch.trail, row.fetch.site].find((one) => isOwn(context, one));
  const key = keyOf(context) as string;
  const columns = new Set([...(write.fields?.keys() ?? [])].map(columnOf));
  const own = (one: Span & { readonly fn: FixContext["fn"] }) => isOwn(context, one);
  const isTest = (one: Guard) =>
    one.deps.some((atom) => atom.kind === "field" && atom.row.key === key && columns.has(atom.name));
  const needed: Span[] = [
    ...candidate.path
      .filter((one) => one.role === "read" || one.role === "test")
      .map((one) => one.site)
      .filter(own),
    ...readsOf(context, key)
      .filter((one) => columns.has(one.name))
      .map((one) => one.site)
      .filter(own),
    ...[...(write.fields?.values() ?? [])].map((one) => one.site).filter(own),
    // A test in a function that is called here: the call is the place.
    ...write.guards.filter(isTest).flatMap((one) => [...one.trail, one.site].find(own) ?? []),
    ...before,
    end,
  ];
  const from = fetchSite?.end ?? context.node.start;
  needed.push(...touchesOf(context, named, from, end.start));
  if (needed.length === 0) return refuse("what is written is set in another function");
  const isFetch = (one: Span) =>
    fetchSite !== undefined && one.start === fetchSite.start && one.end === fetchSite.end;
  return { needed: needed.filter((one) => !isFetch(one)), fetch: fetchSite };
}

/** What a second request would do as well before it gets to the write: it has to wait before that. */
function actsBefore(context: FixContext): readonly Span[] | Refusal {
  const { candidate, analysis, write } = context;
  const found: Span[] = [];
  for (const { role, site } of candidate.path) {
    if (role !== "write" && role !== "effect") continue;
    const act = analysis.effects.find(
      (one) => one.site === site || (one.site.fn === site.fn && one.site.start === site.start),
    );
    if (!act || act === write || act.seq > write.seq) continue;
    const own = [...act.trail, act.site].find((one) => isOwn(context, one));
    if (!own) return refuse("what is done before the write is in another function");
    found.push(own);
  }
  return found;
}

function locked(context: FixContext, row: NamedRow, { needed, fetch }: Spans): Proposal | Refusal {
  const { node, layout } = context;
  const least = leastRange(context, row.name, needed, fetch);
  if (!least) return refuse("what is read and what is written are in different functions");
  const unseen = unseenMethod(context, row);
  if (unseen) return refuse(`what ${unseen}() does is not in sight, and it may leave the process`);
  const edit = fetch && lockedFetch(context, row, fetch);
  const ends = [least.suite[least.first], least.suite[least.last]] as [Statement, Statement];
  const whole = edit && spanning(node, [fetch, ...ends], layout.text);
  if (edit && whole) {
    const enclosed = enclose(context, whole);
    if (!isRefusal(enclosed)) return { edits: [...enclosed.edits([]), edit] };
  }
  const enclosed = enclose(context, least);
  if (isRefusal(enclosed)) return enclosed;
  if (isLookedFor(context, row, "also"))
    return refuse("the row is looked for by what is changed, and read where a lock cannot be added");
  const again = readAgain(context, row, least, fetch);
  return isRefusal(again) ? again : { edits: enclosed.edits(again) };
}

/** The statements that need the lock, with all that they use and that comes from the row. */
function leastRange(
  context: FixContext,
  name: string,
  needed: readonly Span[],
  fetch: Span | undefined,
): Range | undefined {
  const spans = [...needed];
  for (;;) {
    const found = spanning(context.node, spans, context.layout.text);
    if (!found) return undefined;
    const range = withDecisions(context, name, found, fetch);
    const sources = sourcesOf(context, name, range, fetch).filter(
      (one) => !spans.some((known) => known.start === one.start && known.end === one.end),
    );
    if (sources.length === 0) return range;
    spans.push(...sources);
  }
}

/** `coupon = Coupon.objects.get(…)` as a read that locks. */
function lockedFetch(context: FixContext, named: NamedRow, fetch: Span): Edit | undefined {
  const { name, row } = named;
  const call = row.fetch && isOwn(context, row.fetch.site) ? callAt(context.node, row.fetch.site) : undefined;
  const statement = statementAt(context.node, fetch, context.layout.text);
  if (!call || statement?.kind !== "assign" || dotted(statement.target) !== name) return undefined;
  if (statement.value?.start !== call.start || statement.value.end !== call.end) return undefined;
  // Whoever waits for a row that another takes would find it taken: it takes the next one.
  const isQueue =
    isLookedFor(context, named, "only") && /\.(first|last)\(\)$/.test(context.layout.slice(call));
  const lock = lockInto(context, call, isQueue ? ["skip_locked=True"] : []);
  return lock && { start: lock.at, end: lock.at, text: lock.text };
}

/** `Job.objects.filter(started=None).first()`: by its key alone, the row would be read again whoever has taken it. */
function isLookedFor({ write }: FixContext, { row }: NamedRow, how: "also" | "only"): boolean {
  const columns = new Set([...(write.fields?.keys() ?? [])].map(columnOf));
  const looked = (row.fetch?.query?.filters ?? []).map((one) =>
    columnOf(one.lookup.split("__")[0] as string),
  );
  const isChanged = (one: string) => columns.has(one);
  return how === "also" ? looked.some(isChanged) : looked.length > 0 && looked.every(isChanged);
}

/** The new value is what a method of the row says, whose body is out of sight. */
function unseenMethod(
  { write, program, layout, node }: FixContext,
  { name, row }: NamedRow,
): string | undefined {
  for (const assigned of write.fields?.values() ?? [])
    for (const atom of assigned.deps) {
      if (atom.kind !== "field" || atom.row.key !== row.key || atom.name !== "*") continue;
      for (const one of nodesIn(node)) {
        const call = one.kind === "call" ? (one as Call) : undefined;
        if (call?.callee.kind !== "attribute" || dotted(call.callee.object) !== name) continue;
        const known = row.model?.definition && program.project.method(row.model.definition, call.callee.name);
        if (!known && call.end <= write.site.start) return layout.slice(call.callee);
      }
    }
  return undefined;
}

/** The row once more, under a lock: given to its name, or read into the object that others hold as well. */
function readAgain(
  context: FixContext,
  row: NamedRow,
  range: Range,
  fetch: Span | undefined,
): readonly string[] | Refusal {
  const { name, isLocal } = row;
  const span = spanOf(range);
  if (fetch && isLocal && fetch.start >= span.start && fetch.end <= span.end && !isHead(range, fetch))
    return refuse("the row is read in the middle of what would have to be in the transaction");
  const manager = managerOf(context, row);
  if (!manager) return refuse("there is no name for the model here");
  const lock = `${manager}.select_for_update().get(pk=${name}.pk)`;
  const isOnlyHere = isLocal && !isShared(context, name, span.start);
  const lines = isOnlyHere ? [`${name} = ${lock}`] : [lock, refreshOf(context, row, span)];
  if (isUnsaved(context, row) || (fetch && isMade(context, fetch)))
    return refuse("the object may hold what has not been saved yet");
  if (!isLocal && !/^(self|request)\b/.test(name) && context.finding.severity === "low")
    return refuse("the object may be new: who calls this decides");
  if (!isLocal && row.row.origin === "new") return refuse("the row may not be in the database yet");
  if (!mayBeMissing(context, range, name)) return lines;
  return [`if ${name} is not None:`, ...lines.map((one) => unitOf(context) + one)];
}

/**
 * Others hold the object as well (`context = {"profile": profile}`, `profile = request.profile`): they would go on
 * with the old one, so it is read again in place.
 */
function isShared({ layout, node }: FixContext, name: string, end: number): boolean {
  let from = node.start;
  for (const one of nodesIn(node)) {
    if (one.kind !== "assign" || one.end > end) continue;
    const { target, value } = one as Statement & { kind: "assign" };
    if (target.kind === "sequence" && target.items.some((item) => dotted(item) === name)) from = one.end;
    if (dotted(target) !== name || !value) continue;
    if (value.kind === "attribute" || value.kind === "name" || value.kind === "subscript") return true;
    from = one.end;
  }
  const between = withoutStrings(layout.text.slice(from, end));
  const bare = [...between.matchAll(new RegExp(`(?<![.\\w])${name}(?![\\w.=])(?!\\s*(is\\b|==|!=))`, "g"))];
  return bare.some((one) => !/\b(if|not|and|or)\s+$/.test(between.slice(0, one.index)));
}

/** `form.save(commit=False)`: read again, it would lose what it was made for. */
function isMade({ layout }: FixContext, fetch: Span): boolean {
  return MAKES.test(layout.slice(fetch));
}

/** In the head of a loop or a `with`, hence before what is in its body. */
function isHead(range: Range, fetch: Span): boolean {
  const first = range.suite[range.first] as Statement;
  const body = "body" in first ? first.body[0] : undefined;
  return (
    body !== undefined && fetch.end <= body.start && fetch.start < body.start && range.suite.length === 0
  );
}

function mayBeMissing({ layout }: FixContext, range: Range, name: string): boolean {
  const first = range.suite[range.first] as Statement;
  if (first.kind !== "if") return false;
  const test = layout.slice(first.test);
  const word = name.replaceAll(".", "\\.");
  return new RegExp(`(^|[^.\\w])${word}\\s+is\\s+(not\\s+)?None|\\bnot\\s+${word}(?![.\\w(])`).test(test);
}

/** Everything, unless the object may hold what somebody has not saved yet. */
function refreshOf(context: FixContext, { name, row }: NamedRow, span: Span): string {
  const { write } = context;
  const assignedBefore = row.assigned.some((one) => isOwn(context, one.site) && one.site.start < span.start);
  const isLimited = Array.isArray(write.columns) || assignedBefore || keepUnsaved(context);
  const reads = readsOf(context, row.key);
  const isKnown = reads.every((one) => one.name !== "*" && one.name !== "");
  const columns = new Set([
    ...reads.filter((one) => isOwn(context, one.site)).map((one) => one.name),
    ...[...(write.fields?.keys() ?? [])].map(columnOf),
  ]);
  const names = [...columns].filter((one) => /^[a-z_]\w*$/i.test(one));
  return isLimited && isKnown && names.length > 0
    ? `${name}.refresh_from_db(fields=[${names.map((one) => `"${one}"`).join(", ")}])`
    : `${name}.refresh_from_db()`;
}
