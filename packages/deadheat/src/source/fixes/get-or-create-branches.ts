import { columnOf } from "../effects/values.ts";
import type { Expression, Handler, Statement } from "../parse/syntax.ts";
import { type FixContext, isRefusal, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { boundIn } from "./syntax/bound.ts";
import { type Creation, creationOf, handlerOf, namedArguments, type Try } from "./syntax/creation.ts";
import { unitOf } from "./syntax/range.ts";
import { uniqueOver } from "./syntax/unique.ts";
import { type Call, dotted, nodesIn } from "./syntax/walk.ts";

/**
 * `try: x = get() except DoesNotExist: … create() … else: …` as `x, created = get_or_create()` and its two branches:
 * who comes second does what is done with a row that is found.
 */
export const getOrCreateBranches: SourceFix = {
  id: "get-or-create-branches",
  title: "get_or_create(), and what is done with either answer",
  rules: new Set(["exists-then-create"]),
  propose(context): Proposal | Refusal {
    const creation = creationOf(context);
    if (isRefusal(creation)) return creation;
    const parts = partsOf(context, creation);
    if (isRefusal(parts)) return parts;
    const lines = rewritten(context, parts);
    if (isRefusal(lines)) return lines;
    const unique = uniqueOver(context, creation.model, creation.columns, creation.constants);
    if (isRefusal(unique)) return unique;
    const { layout } = context;
    const span = layout.linesOf(parts.whole);
    const last = layout.text.slice(span.start, span.end).endsWith("\n") ? layout.newline : "";
    return { edits: [{ ...span, text: lines.join(layout.newline) + last }], ...unique };
  },
};

interface Parts {
  readonly whole: Try;
  readonly handler: Handler;
  readonly search: Statement & { readonly kind: "assign" };
  readonly get: Call;
  readonly create: Call;
  readonly made: Statement;
  readonly name: string;
}

function partsOf(context: FixContext, creation: Creation): Parts | Refusal {
  const { layout, node } = context;
  const whole = handlerOf(context, creation);
  const { statement: made, call: create, columns } = creation;
  const handler = whole?.handlers.find((one) => one.body.includes(made));
  const [search, ...more] = whole?.body ?? [];
  if (whole && handler && whole.otherwise.length === 0 && handler.body.length === 1)
    return refuse("nothing is done but to make the row");
  if (!whole || !handler || more.length > 0 || whole.cleanup.length > 0 || search?.kind !== "assign")
    return refuse("the row is not looked for and made in one try");
  const get = search.value;
  const name = dotted(search.target);
  if (
    get?.kind !== "call" ||
    get.callee.kind !== "attribute" ||
    get.callee.name !== "get" ||
    !name ||
    !/^\w+$/.test(name)
  )
    return refuse("the row is not looked for by get()");
  if (handler.catches.length !== 1 || !/DoesNotExist$/.test(layout.slice(handler.catches[0] as Expression)))
    return refuse("the handler is for other errors as well");
  const isMade =
    made.kind === "assign"
      ? dotted(made.target) === name && made.value?.start === create.start
      : made.kind === "expression" && made.value.start === create.start;
  if (!isMade || create.callee.kind !== "attribute" || create.callee.name !== "create")
    return refuse("the row is not made by create()");
  const [looked, given] = [namedArguments(get), namedArguments(create)];
  const isSame = (one: string) => columns?.includes(columnOf(one)) ?? false;
  if (
    !looked ||
    !given ||
    !looked.every(
      (one) =>
        isSame(one.name) &&
        given.some(
          (other) => other.name === one.name && layout.slice(other.value) === layout.slice(one.value),
        ),
    )
  )
    return refuse("what the row is looked for by is not what it is made with");
  if (boundIn(node).has("created") || usesOwn(handler, made))
    return refuse("what the row is made with is computed in the handler");
  return { whole, handler, search, get, create, made, name };
}

/** Something that the handler computes goes into the row. */
function usesOwn(handler: Handler, made: Statement): boolean {
  const before = handler.body.slice(0, handler.body.indexOf(made));
  const names = new Set(before.flatMap((one) => (one.kind === "assign" ? [dotted(one.target)] : [])));
  return [...nodesIn(made)].some(
    (one) => one.kind === "name" && names.has((one as unknown as { id: string }).id),
  );
}

function rewritten(context: FixContext, parts: Parts): string[] | Refusal {
  const { layout } = context;
  const { whole, handler, made } = parts;
  const unit = unitOf(context);
  const indent = layout.indentAt(whole.start);
  const others = whole.handlers.filter((one) => one !== handler);
  const body = layout.moved(
    { start: layout.lineStart(parts.search.start), end: parts.search.end },
    indent + (others.length > 0 ? unit : ""),
  );
  const isNew = branch(context, handler.start, handler.end, made, indent + unit);
  const isOld = whole.otherwise.length > 0 ? elseBranch(context, whole, indent + unit) : [];
  if (!body || !isNew || !isOld) return refuse("the parts of the try cannot be moved");
  const searched = withCreation(layout, parts, body.join("\n")).split("\n");
  const kept = others.flatMap(
    (one) => layout.moved({ start: layout.lineStart(one.start), end: one.end }, indent) ?? [],
  );
  const answers = [
    ...(isNew.length > 0 ? [`${indent}if created:`, ...isNew] : []),
    ...(isOld.length > 0 ? [isNew.length > 0 ? `${indent}else:` : `${indent}if not created:`, ...isOld] : []),
  ];
  const flag =
    answers.length === 0 ? searched.map((one) => one.replace(", created =", ", _created =")) : searched;
  return others.length > 0 ? [`${indent}try:`, ...flag, ...kept, ...answers] : [...flag, ...answers];
}

/** From the line behind `else:` on. */
function elseBranch({ layout }: FixContext, whole: Try, indent: string): string[] | undefined {
  const first = whole.otherwise[0] as Statement;
  const from = Math.max(...whole.handlers.map((one) => one.end));
  const head = /^[ \t]*else[ \t]*:[ \t]*\r?\n/m.exec(layout.text.slice(from, first.start));
  if (!head) return undefined;
  return layout.moved({ start: from + head.index + head[0].length, end: whole.end }, indent);
}

/** The lines of a branch, without the statement that makes the row; comments above the first one belong to it. */
function branch(
  { layout }: FixContext,
  from: number,
  end: number,
  without: Statement,
  indent: string,
): string[] | undefined {
  const start = layout.nextLine(from);
  const gone = layout.linesOf(without);
  const before = gone.start > start ? layout.moved({ start, end: gone.start }, indent) : [];
  const after = end > gone.end ? layout.moved({ start: gone.end, end }, indent) : [];
  return before && after && [...before, ...after].map((one) => one.trimEnd());
}

/** `x = q.get(key=key)` → `x, created = q.get_or_create(key=key, defaults={"value": value})`. */
function withCreation(layout: FixContext["layout"], { get, create, name }: Parts, text: string): string {
  const looked = new Set((namedArguments(get) ?? []).map((one) => one.name));
  const rest = (namedArguments(create) ?? []).filter((one) => !looked.has(one.name));
  const defaults = rest.map((one) => `"${one.name}": ${layout.slice(one.value)}`).join(", ");
  const closing = text.lastIndexOf(")");
  const head = text.slice(0, closing);
  const tail = text.slice(closing);
  const given =
    rest.length === 0 ? "" : /,\s*$/.test(head) ? ` defaults={${defaults}}` : `, defaults={${defaults}}`;
  const joined =
    (/\n\s*$/.test(head) ? head.trimEnd() + given + head.slice(head.trimEnd().length) : head + given) + tail;
  return joined
    .replace(new RegExp(`^(\\s*)${name}\\b`), `$1${name}, created`)
    .replace(/\.get\(/, ".get_or_create(");
}
