import { columnOf } from "../effects/values.ts";
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
import { boundIn } from "./syntax/bound.ts";
import { type Creation, creationOf, namedArguments, refusalOf } from "./syntax/creation.ts";
import { placesOf } from "./syntax/place.ts";
import { unitOf } from "./syntax/range.ts";
import { uniqueOver } from "./syntax/unique.ts";
import { dotted } from "./syntax/walk.ts";
import type { Edit } from "./text/edit.ts";

/** Searching and making in one call: who comes second gets the row of who came first. */
export const getOrCreate: SourceFix = {
  id: "get-or-create",
  title: "get_or_create()",
  rules: new Set(["exists-then-create"]),
  propose(context): Proposal | Refusal {
    const creation = creationOf(context);
    if (isRefusal(creation)) return creation;
    // A form that says "taken" and then hands out the row of who took it: nobody's fix.
    if (!isOwn(context, creation.guard.site)) return refuse("the search is in another function");
    if (refusalOf(context, creation))
      return refuse("who comes second is refused here, and not given the first one's row");
    const edits = inPlace(context, creation);
    if (isRefusal(edits)) return edits;
    const unique = uniqueOver(context, creation.model, creation.columns, creation.constants);
    return isRefusal(unique) ? unique : { edits, ...unique };
  },
};

function inPlace(context: FixContext, creation: Creation): readonly Edit[] | Refusal {
  const { call, statement, columns } = creation;
  const { layout, node } = context;
  const { callee } = call;
  if (callee.kind !== "attribute" || !/^a?create$/.test(callee.name))
    return refuse("the row is not made by create()");
  const args = namedArguments(call);
  if (!args || !columns) return refuse("what the row is looked for by is not what it is made with");
  const isLookup = (name: string) => columns.includes(columnOf(name));
  if (columns.some((one) => !args.some((given) => columnOf(given.name) === one)))
    return refuse("what the row is looked for by is not what it is made with");
  const edits: Edit[] = [
    {
      start: callee.end - callee.name.length,
      end: callee.end,
      text: callee.name === "acreate" ? "aget_or_create" : "get_or_create",
    },
  ];
  const rest = args.filter((one) => !isLookup(one.name));
  const first = args.findIndex((one) => !isLookup(one.name));
  if (first >= 0 && args.slice(first).some((one) => isLookup(one.name))) {
    const moved = reordered(context, creation, isLookup);
    if (isRefusal(moved)) return moved;
    edits.push(moved);
  } else if (rest.length > 0) edits.push(...asDefaults(context, rest));
  const later = laterActs(context, statement);
  if (later.length === 0) return [...edits, ...withoutFlag(context, creation)];
  if (boundIn(node).has("created") || !layout.isAlone(statement))
    return refuse("what follows has to know whether the row is new");
  const flag = withFlag(creation);
  if (!flag) return refuse("what follows has to know whether the row is new");
  const indent = layout.indentAt(statement.start);
  const [one, last] = [later[0] as Statement, later.at(-1) as Statement];
  const head = layout.lineStart(one.start);
  return [
    ...edits,
    flag,
    { start: head, end: head, text: `${indent}if created:${layout.newline}` },
    ...layout.indent({ start: head, end: last.end }, unitOf(context)),
  ];
}

/** `name=value` of the call as `"name": value` of a dictionary; lines and comments between them stay. */
function asDefaults(
  { layout }: FixContext,
  rest: readonly {
    readonly name: string;
    readonly value: { readonly start: number; readonly end: number };
  }[],
): Edit[] {
  const edits: Edit[] = [];
  rest.forEach(({ name, value }, index) => {
    const start = layout.text.lastIndexOf(name, value.start - 1);
    const gap = layout.text.slice(start + name.length, value.start);
    const space = gap.replace("=", "").trim() === "" && !gap.includes("\n") ? " " : gap.replace("=", " ");
    edits.push({ start, end: value.start, text: `${index === 0 ? "defaults={" : ""}"${name}":${space}` });
    if (index === rest.length - 1) edits.push({ start: value.end, end: value.end, text: "}" });
  });
  return edits;
}

function reordered(
  context: FixContext,
  { call }: Creation,
  isLookup: (name: string) => boolean,
): Edit | Refusal {
  const { layout } = context;
  const args = namedArguments(call) ?? [];
  const first = args[0];
  const last = args.at(-1);
  if (!first || !last) return refuse("the call has no arguments");
  const start = layout.text.lastIndexOf(first.name, first.value.start - 1);
  const text = layout.text.slice(start, last.value.end);
  if (text.includes("#")) return refuse("there are comments among the arguments");
  const gap = /,(\s*\n\s*)/.exec(text)?.[1] ?? " ";
  const keys = args
    .filter((one) => isLookup(one.name))
    .map((one) => `${one.name}=${layout.slice(one.value)}`);
  const rest = args
    .filter((one) => !isLookup(one.name))
    .map((one) => `"${one.name}": ${layout.slice(one.value)}`);
  return { start, end: last.value.end, text: [...keys, `defaults={${rest.join(", ")}}`].join(`,${gap}`) };
}

/** What happens only because the row is new. */
function laterActs({ analysis, node, layout }: FixContext, statement: Statement): readonly Statement[] {
  const place = placesOf(node, statement, layout.text).at(-1);
  if (!place || place.suite === node.body) return [];
  const rest = place.suite.slice(place.index + 1);
  const acts = analysis.effects.some(
    (one) =>
      /^(create|external|save|update|delete|command|mint)$/.test(one.kind) &&
      rest.some((at) =>
        [...one.trail, one.site].some((site) => at.start <= site.start && site.end <= at.end),
      ),
  );
  return acts ? rest : [];
}

function withoutFlag({ layout }: FixContext, { call, statement }: Creation): Edit[] {
  const isAwaited = /await\s*$/.test(layout.text.slice(0, call.start).slice(-12));
  if (
    statement.kind === "expression" &&
    statement.value.start <= call.start &&
    statement.value.end === call.end
  )
    return [];
  if (!isAwaited) return [{ start: call.end, end: call.end, text: "[0]" }];
  const start = layout.text.lastIndexOf("await", call.start);
  return [
    { start, end: start, text: "(" },
    { start: call.end, end: call.end, text: ")[0]" },
  ];
}

function withFlag({ call, statement }: Creation): Edit | undefined {
  if (
    statement.kind === "assign" &&
    statement.value?.start === call.start &&
    dotted(statement.target) !== undefined
  )
    return { start: statement.target.end, end: statement.target.end, text: ", created" };
  if (statement.kind === "expression" && statement.value.start === call.start)
    return { start: statement.start, end: statement.start, text: "_, created = ".replace("_", "__") };
  return undefined;
}
