import { columnOf } from "../effects/values.ts";
import type { Expression, Span, Statement } from "../parse/syntax.ts";
import { type FixContext, isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { columnsToSave } from "./syntax/columns.ts";
import { placesOf, statementAt } from "./syntax/place.ts";
import { type NamedRow, namedRow, readsOf } from "./syntax/row.ts";
import { callAt, dotted, nodesIn } from "./syntax/walk.ts";
import type { Edit } from "./text/edit.ts";

/** `row.n += amount; row.save()`: the database adds, to what is there then. */
export const countInDatabase: SourceFix = {
  id: "count-in-database",
  title: "F(): the database computes the new value",
  rules: new Set([
    "python-counter",
    "atomic-without-lock",
    "lock-wrong-row",
    "lock-released-early",
    "stale-after-lock",
    "read-modify-write",
  ]),
  propose(context): Proposal | Refusal {
    const { write, node, layout } = context;
    const row = namedRow(context);
    const save = isOwn(context, write.site) ? callAt(node, write.site) : undefined;
    if (!row || write.kind !== "save" || !save) return refuse("the number is not saved in this function");
    const counters = countersOf(context, row);
    if ("reason" in counters) return counters;
    if (isTested(context, row, counters))
      return refuse("what is counted is tested as well, and F() tests nothing");
    const edits: Edit[] = counters.flatMap((one) => inDatabase(context, row, one));
    const columns = save.args.length === 0 ? columnsToSave(context, row) : undefined;
    if (columns) {
      const at = layout.text.lastIndexOf(")", save.end);
      edits.push({
        start: at,
        end: at,
        text: `update_fields=[${columns.map((one) => `"${one}"`).join(", ")}]`,
      });
    }
    const names = counters.map((one) => one.column);
    if (isUsedLater(context, row, names, save)) {
      const statement = statementAt(node, save, layout.text);
      if (statement?.kind !== "expression" || !layout.isAlone(statement))
        return refuse("the save is part of something larger");
      const wait = context.isAsync ? "await " : "";
      const method = context.isAsync ? "arefresh_from_db" : "refresh_from_db";
      const line = `${wait}${row.name}.${method}(fields=[${names.map((one) => `"${one}"`).join(", ")}])`;
      edits.push(layout.insertAfter(statement.end, [layout.indentAt(statement.start) + line]));
    }
    return { edits };
  },
};

interface Counter {
  readonly column: string;
  readonly statement: Statement;
  /** `row.n`, and what is added or taken. */
  readonly target: Expression;
  readonly operator: "+" | "-";
  readonly amount: Expression;
  readonly isReversed: boolean;
}

function countersOf(context: FixContext, row: NamedRow): Counter[] | Refusal {
  const { write, node, layout } = context;
  const reads = new Set(readsOf(context, row.row.key).map((one) => one.name));
  const counters: Counter[] = [];
  for (const assigned of write.fields?.values() ?? []) {
    if (assigned.database || !reads.has(columnOf(assigned.name))) continue;
    const isOfOwn = assigned.deps.some((one) => one.kind === "field" && one.row.key === row.row.key);
    if (!isOfOwn) continue;
    const statement = isOwn(context, assigned.site)
      ? statementAt(node, assigned.site, layout.text)
      : undefined;
    const counter = statement && counterIn(context, row, assigned.name, statement);
    if (!counter) return refuse(`${assigned.name} is more than a sum`);
    if (!isNumber(context, row, counter)) return refuse(`whether ${assigned.name} is a number is not known`);
    counters.push(counter);
  }
  return counters.length > 0 ? counters : refuse("no number is counted here");
}

/** `row.n += x`, `row.n = row.n - x`, `row.n = x + row.n`, with no other column of the row in `x`. */
function counterIn(
  { layout }: FixContext,
  { name }: NamedRow,
  column: string,
  statement: Statement,
): Counter | undefined {
  if (!layout.isAlone(statement)) return undefined;
  const isTarget = (one: Expression) => dotted(one) === `${name}.${column}`;
  const isPlain = (one: Expression) =>
    !new RegExp(`(^|[^.\\w])${name.replaceAll(".", "\\.")}\\b`).test(layout.slice(one));
  if (statement.kind === "augment") {
    const { target, operator, value } = statement;
    if (!isTarget(target) || (operator !== "+" && operator !== "-") || !isPlain(value)) return undefined;
    return { column, statement, target, operator, amount: value, isReversed: false };
  }
  if (statement.kind !== "assign" || !isTarget(statement.target) || statement.value?.kind !== "binary")
    return undefined;
  const { operator, left, right } = statement.value;
  if (operator !== "+" && operator !== "-") return undefined;
  const { target } = statement;
  if (isTarget(left) && isPlain(right))
    return { column, statement, target, operator, amount: right, isReversed: false };
  if (operator === "+" && isTarget(right) && isPlain(left))
    return { column, statement, target, operator, amount: left, isReversed: true };
  return undefined;
}

const NUMBERS = /^(Positive|Small|Big)*(Integer|AutoField|Float|Decimal|Duration|Money)/;

/** `+` of texts is not that of the database. */
function isNumber(
  { program, layout }: FixContext,
  { row }: NamedRow,
  { column, operator, amount }: Counter,
): boolean {
  const field = row.model && program.models.fields(row.model).get(column);
  if (field) return NUMBERS.test(field.type);
  if (operator === "-" || amount.kind === "number") return true;
  const text = layout.slice(amount);
  return /^(int|float|Decimal|len|sum|abs|round|min|max)\(|, \d+\)$|\b\d+$/.test(text);
}

/** A condition of the write, or something between the counting and the save, looks at the number. */
function isTested(context: FixContext, { name, row }: NamedRow, counters: readonly Counter[]): boolean {
  const { write, layout, program, node } = context;
  const columns = new Set(counters.map((one) => columnOf(one.column)));
  const isOfRow = write.guards.some((guard) =>
    guard.deps.some(
      (atom) =>
        atom.kind === "field" && atom.row.key === row.key && (columns.has(atom.name) || atom.name === "*"),
    ),
  );
  if (isOfRow) return true;
  const first = Math.min(...counters.map((one) => one.statement.start));
  for (const node_ of nodesIn(node)) {
    if (node_.start < first || node_.end > write.site.start) continue;
    if (
      node_.kind === "call" &&
      new RegExp(`^${name.replaceAll(".", "\\.")}\\.\\w+\\(`).test(layout.slice(node_))
    )
      return true;
    if (node_.kind !== "attribute" || counters.some((one) => one.target.start === node_.start)) continue;
    if (
      counters.some(
        (one) => layout.slice(node_) === `${name}.${one.column}` && !isWithin(node_, one.statement),
      )
    )
      return true;
  }
  // A save() of the project's own sees an expression where it expects a number.
  const save = row.model?.definition && program.project.method(row.model.definition, "save");
  return save !== undefined && counters.some((one) => save.text().includes(`self.${one.column}`));
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function inDatabase(context: FixContext, row: NamedRow, counter: Counter): Edit[] {
  const { layout } = context;
  const { column, statement, target, operator, amount } = counter;
  const f = expressionF(context);
  const filled = filledBefore(context, row, counter);
  const isNullable = filled !== undefined || isNull(context, row, column);
  const coalesce = isNullable
    ? context.use({ from: "django.db.models.functions", name: "Coalesce" })
    : undefined;
  const current = coalesce ? `${coalesce}(${f}("${column}"), 0)` : `${f}("${column}")`;
  const value = layout.slice(amount);
  // `n -= a - b` takes the whole of `a - b`.
  const isWhole =
    amount.kind === "name" ||
    amount.kind === "number" ||
    amount.kind === "attribute" ||
    amount.kind === "call" ||
    amount.kind === "subscript";
  const isBare =
    isWhole ||
    /^\(.*\)$/s.test(value) ||
    (operator === "+" && amount.kind === "binary" && statement.kind === "assign");
  const bare = isBare ? value : `(${value})`;
  const edits: Edit[] = [];
  if (statement.kind === "augment") {
    const head = layout.text.slice(target.end, amount.start).replace(/[+-]=/, "=");
    edits.push({
      start: target.end,
      end: amount.start,
      text: `${head}${current} ${operator} `,
    });
    if (!isBare) edits.push({ start: amount.start, end: amount.end, text: bare });
  } else {
    const whole = (statement as unknown as { value: Expression & { left: Expression; right: Expression } })
      .value;
    const own = counter.isReversed ? whole.right : whole.left;
    edits.push({ start: own.start, end: own.end, text: current });
  }
  if (filled) edits.push({ ...layout.linesOf(filled), text: "" });
  return edits;
}

function expressionF(context: FixContext): string {
  const { module } = context.fn;
  const models = module.imports.get("models");
  const isDjango = models?.module === "django.db" && models.name === "models";
  if (isDjango && !module.imports.has("F")) return "models.F";
  return context.use({ from: "django.db.models", name: "F" });
}

function isNull({ program }: FixContext, { row }: NamedRow, column: string): boolean {
  return (row.model && program.models.fields(row.model).get(column)?.nullable) ?? false;
}

/** `if row.n is None: row.n = 0`, just before. */
function filledBefore(
  { node, layout }: FixContext,
  { name }: NamedRow,
  { column, statement }: Counter,
): Statement | undefined {
  const place = placesOf(node, statement, layout.text).at(-1);
  const before = place?.suite[place.index - 1];
  if (before?.kind !== "if" || before.otherwise.length > 0 || before.whenTrue.length !== 1) return undefined;
  const text = layout.slice(before).replace(/\s+/g, " ");
  const own = `${name}.${column}`;
  const isFilling = new RegExp(
    `^if \\(?(${own} is None|not ${own})\\)?: ${own} = 0(\\.0)?$`.replaceAll(".", "\\."),
  ).test(text);
  return isFilling && layout.isAlone(before) ? before : undefined;
}

/** After the save the attribute is an expression, which Django would compute again at the next save. */
function isUsedLater(
  { node, write, layout }: FixContext,
  { name }: NamedRow,
  columns: readonly string[],
  save: Span,
): boolean {
  const parts = name.split(".");
  const isOfRequest = /^(self\.)?request\./.test(name);
  const isGiven = parts[0] === "self" || node.parameters.some((one) => one.name === parts[0]);
  if ((isGiven && !isOfRequest) || write.loop > 0) return true;
  const after = layout.text.slice(save.end, node.end);
  // Whoever gets `request.user` may look at its profile.
  const holders = parts.map((_, index) => parts.slice(0, index + 1).join("\\."));
  if (holders.some((one) => one !== "self" && new RegExp(`(^|[^.\\w])${one}(?![\\w.])`).test(after)))
    return true;
  return new RegExp(`(^|[^.\\w])${holders.at(-1)}\\.(${columns.join("|")}|save|asave|\\w+\\()`).test(after);
}
