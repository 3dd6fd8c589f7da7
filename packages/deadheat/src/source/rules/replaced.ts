import type { Effect, Guard } from "../effects/effect.ts";
import { type Assigned, columnOf, type Row, type Value } from "../effects/values.ts";
import { isWritten } from "./read-modify-write.ts";

/**
 * `if wanted not in ALLOWED[row.state]: raise`, then `row.state = wanted`: two that want different things both pass,
 * and the second replaces what the first was allowed to set, from where it was not allowed any more.
 */
export function isReplaced(write: Effect, column: string, test: Guard): boolean {
  if (!test.refuses && !test.leaves) return false;
  // What a called function was given and has tested, it knows as its argument; here it may be anything.
  const isTested = ({ guards }: Effect) =>
    guards.some(({ site }) => site.fn === test.site.fn && site.start === test.site.start);
  const written = (at: Effect): boolean =>
    isTested(at) && (isGivenIn(at, column, test) || (at.origin !== undefined && written(at.origin)));
  return written(write);
}

function isGivenIn(write: Effect, column: string, test: Guard): boolean {
  const assigned = assignedOf(write, column);
  return assigned !== undefined && isOfCaller(assigned, write) && !isSameAsBefore(test, assigned);
}

/** `holder = request.user` of a row that was free: the second one takes it from the first. */
export function isGivenByCaller(write: Effect, name: string): boolean {
  const assigned = assignedOf(write, columnOf(name));
  const isHere = assigned !== undefined && isOfCaller(assigned, write);
  return isHere || (write.origin !== undefined && isGivenByCaller(write.origin, name));
}

function assignedOf(write: Effect, column: string): Assigned | undefined {
  const found = [...(write.fields?.values() ?? [])].find(
    (one) => columnOf(one.name) === column && isWritten(write, one.name),
  );
  return found && !found.database && !found.constant && !found.inPlace ? found : undefined;
}

/** The request, an argument: another request brings another value. (The time, a fixed state: the same once more.) */
function isOfCaller({ value, deps }: Assigned, { row, key }: Effect): boolean {
  const written = row?.key ?? key;
  const isGiven = (one: Row): boolean => {
    const root = rootOf(one);
    if (root.key === written) return false;
    return root.origin === "parameter" || (root.origin === "self" && HOLDS_INPUT.test(one.key));
  };
  if (isRow(value) && isGiven(value)) return true;
  return deps.some((atom) => atom.kind === "field" && (isGiven(atom.row) || HOLDS_INPUT.test(atom.name)));
}

const HOLDS_INPUT = /(^|\.)(cleaned_data|validated_data|initial_data|request)\b/;

function isRow(value: Value): value is Row {
  return value.kind === "row";
}

function rootOf(row: Row): Row {
  let at = row;
  while (at.parent) at = at.parent.row;
  return at;
}

/** `if row.seen != seen: row.seen = seen`: written in any case it would be the same, and the last one wins either way. */
export function isWrittenIfDifferent(write: Effect, column: string, test: Guard): boolean {
  const assigned = assignedOf(write, column);
  if (!assigned) return false;
  // `if row.seen == seen: return`.
  if (test.leaves && isSameAsBefore(test, assigned)) return true;
  const { site } = test;
  const text = asAttributes(site.fn.module.source.text.slice(site.start, site.end), column);
  const [, left = "", right = ""] = /^([^<>=!]*)!=([^<>=!]*)$/.exec(text) ?? [];
  if (/\b(and|or|not)\b/.test(text) || !left) return false;
  const { fn, start, end } = assigned.site;
  const given = new RegExp(`\\b${columnIn(column)}(?:_id)?\\s*=\\s*([\\w.]+)`).exec(
    asAttributes(fn.module.source.text.slice(start, end), column),
  )?.[1];
  const isColumn = (side: string) => new RegExp(`\\.${columnIn(column)}(_id)?$`).test(side.trim());
  return [
    [left, right],
    [right, left],
  ].some(([of = "", to = ""]) => isColumn(of) && to.trim() === given);
}

/** `getattr(row, "name")` and `setattr(row, "name", value)`, written as what they do. */
function asAttributes(text: string, column: string): string {
  const name = columnIn(column);
  return text
    .replace(/\bgetattr\(\s*([\w.]+),\s*["']?([\w.]+)["']?\s*(,[^()]*)?\)/g, `$1.$2`)
    .replace(/\bsetattr\(\s*([\w.]+),\s*["']?([\w.]+)["']?\s*,(.*)\)$/s, (all, row, given, value) =>
      given === name ? `${row}.${given} = ${value}` : all,
    );
}

/** `{self.slot}`, a column that is known by how its name is written. */
function columnIn(column: string): string {
  return column.replace(/[{}]/g, "");
}

/** `if row.name == name: return "that is its name"`: who is turned away has what was wanted. */
function isSameAsBefore({ site }: Guard, { site: at, name }: Assigned): boolean {
  const text = site.fn.module.source.text.slice(site.start, site.end);
  const assignment = asAttributes(at.fn.module.source.text.slice(at.start, at.end), name);
  const given = assignment.split("=").at(-1)?.trim() ?? "";
  return /^[^<>]*[^<>!]==[^<>]*$/.test(text) && text.split("==").some((one) => one.trim() === given);
}
