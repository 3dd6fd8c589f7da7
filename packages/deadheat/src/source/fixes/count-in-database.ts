import { columnOf } from "../effects/values.ts";
import type { Expression, Span, Statement } from "../parse/syntax.ts";
import { type FixContext, isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { columnsToSave } from "./syntax/columns.ts";
import {
  type Counter,
  counterIn,
  expressionF,
  isNumber,
  isReadLater,
  isUsedLater,
} from "./syntax/counter.ts";
import { isCovered } from "./syntax/enclose.ts";
import { placesOf, statementAt } from "./syntax/place.ts";
import { unitOf } from "./syntax/range.ts";
import { type NamedRow, namedRow, readsOf } from "./syntax/row.ts";
import { isUnsaved } from "./syntax/unsaved.ts";
import { callAt, nodesIn } from "./syntax/walk.ts";
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
    if (isUnsaved(context, row))
      return refuse("the row may not be in the database yet, and F() cannot insert");
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
      const again = readBack(context, row, names, save);
      if ("reason" in again) return again;
      edits.push(...again);
    }
    return { edits };
  },
};

/**
 * The number as it is after the save, read before anybody else can change it: outside of a transaction two requests
 * could add one each, and both be told two.
 */
function readBack(
  context: FixContext,
  row: NamedRow,
  names: readonly string[],
  save: Span,
): Edit[] | Refusal {
  const { layout, node, write } = context;
  const statement = statementAt(node, save, layout.text);
  if (statement?.kind !== "expression" || !layout.isAlone(statement))
    return refuse("the save is part of something larger");
  const indent = layout.indentAt(statement.start);
  const list = names.map((one) => `"${one}"`).join(", ");
  if (context.isAsync) {
    if (isReadLater(context, row, names, save))
      return refuse("the new number is used, and a coroutine has no transaction to read it in");
    return [
      layout.insertAfter(statement.end, [`${indent}await ${row.name}.arefresh_from_db(fields=[${list}])`]),
    ];
  }
  const line = `${row.name}.refresh_from_db(fields=[${list}])`;
  if (isCovered(context, statement, write.txns)) return [layout.insertAfter(statement.end, [indent + line])];
  const transaction = context.use({ from: "django.db", name: "transaction", otherwise: "db_transaction" });
  const unit = unitOf(context);
  return [
    layout.insertBefore(statement.start, [`${indent}with ${transaction}.atomic():`]),
    ...layout.indent({ start: layout.lineStart(statement.start), end: statement.end }, unit),
    layout.insertAfter(statement.end, [indent + unit + line]),
  ];
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
