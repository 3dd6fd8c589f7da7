import type { Edit } from "./edit.ts";
import type { Layout } from "./layout.ts";

export interface Wanted {
  readonly from: string;
  readonly name: string;
  /** What it is called where its own name stands for something else. */
  readonly otherwise?: string;
}

interface ImportLine {
  readonly from: string | undefined;
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A name that a module does not have yet: `F`, or `transaction as db_transaction`. */
export interface Missing {
  readonly from: string;
  readonly written: string;
}

/**
 * The name by which `wanted` can be used in a module, and what is missing for it. Bound otherwise there, or in the
 * function (`taken`), it is imported under another name.
 */
export function importing(
  layout: Layout,
  wanted: Wanted,
  taken: ReadonlySet<string>,
): { readonly name: string; readonly missing?: Missing } {
  const lines = importLines(layout);
  const local = wanted.otherwise ?? `django_${wanted.name}`;
  for (const line of lines) {
    if (line.from !== wanted.from) continue;
    const own = line.names.find((one) => one.split(/\s+as\s+/)[0] === wanted.name);
    const known = own?.split(/\s+as\s+/).at(-1);
    if (known && !taken.has(known)) return { name: known };
  }
  const isFree = !taken.has(wanted.name) && !isBound(layout, lines, wanted.name);
  const name = isFree ? wanted.name : local;
  const written = isFree ? wanted.name : `${wanted.name} as ${local}`;
  return { name, missing: { from: wanted.from, written } };
}

/** The edits that import what is missing: into lines that are there, or lines of their own. */
export function importEdits(layout: Layout, missing: readonly Missing[]): Edit[] {
  const lines = importLines(layout);
  const byModule = new Map<string, string[]>();
  for (const { from, written } of missing) {
    const names = byModule.get(from) ?? [];
    if (!names.includes(written)) byModule.set(from, [...names, written]);
  }
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const [from, names] of [...byModule].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const same = lines.find((one) => one.from === from && isExtensible(one));
    const within = same ? names.map((one) => amongNames(same, one)) : [];
    if (same && within.every((one) => one !== undefined)) edits.push(...within);
    else added.push(`from ${from} import ${[...names].sort().join(", ")}`);
  }
  return [...edits, ...newLines(layout, lines, added)];
}

function isExtensible({ names, text }: ImportLine): boolean {
  return !names.includes("*") && !/\\\s*$/.test(text) && !/^[^(]*;/.test(text);
}

function isBound(layout: Layout, lines: readonly ImportLine[], name: string): boolean {
  if (lines.some((line) => line.names.some((one) => one.split(/\s+as\s+/).at(-1) === name))) return true;
  return new RegExp(`^(${name}\\s*[:=]|(async\\s+)?def\\s+${name}\\b|class\\s+${name}\\b)`, "m").test(
    layout.text,
  );
}

const IMPORT = /^(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n#(]*)|import[ \t]+([^\n#]+))[^\n]*$/gm;

function importLines(layout: Layout): ImportLine[] {
  const found: ImportLine[] = [];
  for (const match of layout.text.matchAll(IMPORT)) {
    if (layout.isInString(match.index)) continue;
    const list = (match[2] ?? match[3] ?? "").replace(/#[^\n]*/g, "").replace(/[()\\]/g, "");
    found.push({
      from: match[1],
      names: list
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== ""),
      start: match.index,
      end: match.index + match[0].replace(/\r$/, "").length,
      text: match[0],
    });
  }
  return found;
}

/** Into the list of names that is there, in its order where it has one. */
function amongNames(line: ImportLine, name: string): Edit | undefined {
  const open = line.text.indexOf("(");
  const listed = line.names.map((one) => one.toLowerCase());
  const isSorted = listed.every((one, index) => index === 0 || (listed[index - 1] as string) <= one);
  const before = isSorted ? line.names.find((one) => one.toLowerCase() > name.toLowerCase()) : undefined;
  const body = open < 0 ? line.text.indexOf(" import ") + 8 : open + 1;
  const at = (one: string) => {
    const found = new RegExp(`(?<![\\w.])${one.replace(/\s+/g, "\\s+")}(?!\\w)`).exec(line.text.slice(body));
    return found ? body + found.index : -1;
  };
  const multi = open >= 0 && /\(\s*\n/.test(line.text);
  const separator = multi
    ? `,${/\r\n/.test(line.text) ? "\r\n" : "\n"}${/\n([ \t]+)\S/.exec(line.text)?.[1] ?? "    "}`
    : ", ";
  if (before !== undefined) {
    const start = at(before);
    return start < 0 ? undefined : insertion(line, start, name + separator);
  }
  const last = line.names.at(-1);
  if (last === undefined) return undefined;
  const start = at(last);
  return start < 0 ? undefined : insertion(line, start + last.length, separator + name);
}

function insertion(line: ImportLine, at: number, text: string): Edit {
  return { start: line.start + at, end: line.start + at, text };
}

/** Lines of their own, each beside those of the same package. */
function newLines(layout: Layout, lines: readonly ImportLine[], added: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  const homeless: string[] = [];
  for (const line of added) {
    if (line.startsWith("from .")) {
      edits.push(relativeLine(layout, lines, line));
      continue;
    }
    const root = /^from (\w+)/.exec(line)?.[1] as string;
    const siblings = lines.filter((one) => one.from === root || one.from?.startsWith(`${root}.`));
    const next = siblings.find((one) => one.text > line);
    const last = siblings.at(-1);
    if (next) edits.push(layout.insertBefore(next.start, [line]));
    else if (last) edits.push(layout.insertAfter(last.end, [line]));
    else homeless.push(line);
  }
  const isStandard = (line: string) => STANDARD.has(/^from (\w+)/.exec(line)?.[1] as string);
  const [standard, installed] = [homeless.filter(isStandard), homeless.filter((one) => !isStandard(one))];
  if (lines.length === 0 && homeless.length > 0) {
    const both = standard.length > 0 && installed.length > 0 ? [...standard, "", ...installed] : homeless;
    return [...edits, elsewhere(layout, lines, both)];
  }
  for (const one of [standard, installed]) if (one.length > 0) edits.push(elsewhere(layout, lines, one));
  return edits;
}

/** Among the relative ones, which come last. */
function relativeLine(layout: Layout, lines: readonly ImportLine[], line: string): Edit {
  const relative = lines.filter((one) => one.from?.startsWith("."));
  const next = relative.find((one) => one.text > line);
  if (next) return layout.insertBefore(next.start, [line]);
  const last = relative.at(-1);
  if (last) return layout.insertAfter(last.end, [line]);
  const before = lines.at(-1);
  return before ? layout.insertAfter(before.end, ["", line]) : atTop(layout, [line]);
}

const STANDARD = new Set(
  "abc ast asyncio base64 calendar collections contextlib copy csv dataclasses datetime decimal enum functools gettext hashlib hmac io ipaddress itertools json logging math operator os pathlib pickle random re secrets shutil socket ssl string struct subprocess sys tempfile threading time traceback types typing unicodedata urllib uuid warnings zoneinfo".split(
    " ",
  ),
);

function rootOf({ from, names }: ImportLine): string {
  return (from ?? names[0] ?? "").split(/[.\s]/)[0] as string;
}

/** Among others of their kind: what Python brings, what is installed, what is relative. */
function elsewhere(layout: Layout, lines: readonly ImportLine[], added: readonly string[]): Edit {
  const absolute = lines.filter((one) => one.from !== "__future__" && !one.from?.startsWith("."));
  const isStandard = added.every((one) => STANDARD.has(/^from (\w+)/.exec(one)?.[1] as string));
  const [line] = added as [string];
  const group = absolute.filter((one) => STANDARD.has(rootOf(one)) === isStandard);
  const next = group.find((one) => (one.from === undefined) === false && one.text > line);
  if (next) return layout.insertBefore(next.start, added);
  const before = group.at(-1) ?? (isStandard ? undefined : absolute.at(-1));
  if (before)
    return group.length > 0
      ? layout.insertAfter(before.end, added)
      : layout.insertAfter(before.end, ["", ...added]);
  const [first] = absolute;
  if (first) return layout.insertBefore(first.start, [...added, ""]);
  const future = lines.filter((one) => one.from === "__future__").at(-1);
  if (future) return layout.insertAfter(future.end, ["", ...added]);
  const relative = lines[0];
  return relative ? layout.insertBefore(relative.start, [...added, ""]) : atTop(layout, added);
}

/** After a comment and a docstring at the head of the file. */
function atTop(layout: Layout, added: readonly string[]): Edit {
  const head = /^(?:[ \t]*#[^\n]*\n|[ \t]*\r?\n)*/.exec(layout.text)?.[0].length ?? 0;
  const docstring =
    /^[rRuU]?("""|''')[\s\S]*?\1[^\n]*\n?|^[rRuU]?"[^"\n]*"[ \t]*\r?\n|^[rRuU]?'[^'\n]*'[ \t]*\r?\n/.exec(
      layout.text.slice(head),
    );
  if (docstring) return layout.insertBefore(head + docstring[0].length, ["", ...added]);
  const code = layout.text.slice(head);
  // A comment directly above the first definition belongs to it.
  return code.startsWith("from ") || code.startsWith("import ")
    ? layout.insertBefore(head, [...added])
    : layout.insertBefore(commentBlockStart(layout, head), [...added, "", ""]);
}

function commentBlockStart(layout: Layout, head: number): number {
  const above = layout.text.slice(0, head);
  const block = /(?:^|\n)((?:[ \t]*#[^\n]*\n)+)$/.exec(above);
  if (!block || /^#!|coding[:=]/m.test(block[1] as string)) return head;
  return above.length - (block[1] as string).length;
}
