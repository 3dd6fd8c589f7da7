import type { Expression, Span, Statement } from "../../parse/syntax.ts";
import type { FixContext } from "../fix.ts";
import { withoutStrings } from "../text/strings.ts";
import { modelOf } from "./model.ts";
import type { NamedRow } from "./row.ts";
import { dotted, nodesIn } from "./walk.ts";

/** A number of a row that something is added to or taken from. */
export interface Counter {
  readonly column: string;
  readonly statement: Statement;
  /** `row.n`, and what is added or taken. */
  readonly target: Expression;
  readonly operator: "+" | "-";
  readonly amount: Expression;
  readonly isReversed: boolean;
}

/** `row.n += x`, `row.n = row.n - x`, `row.n = x + row.n`, with no other column of the row in `x`. */
export function counterIn(
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
export function isNumber(
  context: FixContext,
  { row }: NamedRow,
  { column, operator, amount }: Counter,
): boolean {
  const { program, layout } = context;
  const model = modelOf(context, row, [column]);
  const field = model && program.models.fields(model).get(column);
  if (field) return NUMBERS.test(field.type);
  if (operator === "-" || amount.kind === "number") return true;
  const text = layout.slice(amount);
  return /^(int|float|Decimal|len|sum|abs|round|min|max)\(|, \d+\)$|\b\d+$/.test(text);
}

export function expressionF(context: FixContext): string {
  const { module } = context.fn;
  const models = module.imports.get("models");
  const isDjango = models?.module === "django.db" && models.name === "models";
  if (isDjango && !module.imports.has("F")) return "models.F";
  return context.use({ from: "django.db.models", name: "F" });
}

/** After the save the attribute is an expression, which Django would compute again at the next save. */
export function isUsedLater(
  { node, write, layout }: FixContext,
  { name }: NamedRow,
  columns: readonly string[],
  save: Span,
): boolean {
  const parts = name.split(".");
  const isOfRequest = /^(self\.)?request\./.test(name);
  const isGiven = parts[0] === "self" || node.parameters.some((one) => one.name === parts[0]);
  if ((isGiven && !isOfRequest) || (write.loop > 0 && !isLoopVariable(node, name))) return true;
  const after = withoutStrings(layout.text.slice(save.end, node.end));
  // Whoever gets `request.user` may look at its profile.
  const holders = parts.map((_, index) => parts.slice(0, index + 1).join("\\."));
  if (holders.some((one) => one !== "self" && new RegExp(`(^|[^.\\w])${one}(?![\\w.])`).test(after)))
    return true;
  return new RegExp(`(^|[^.\\w])${holders.at(-1)}\\.(${columns.join("|")}|save|asave|\\w+\\()`).test(after);
}

/** Another row each time. */
function isLoopVariable(node: FixContext["node"], name: string): boolean {
  for (const one of nodesIn(node))
    if (one.kind === "for" && dotted((one as unknown as { target: Expression }).target) === name) return true;
  return false;
}

/** `return seq.n`: the value itself is used, and not only told to a log. */
export function isReadLater(
  { layout, node }: FixContext,
  { name }: NamedRow,
  columns: readonly string[],
  save: Span,
): boolean {
  const read = new RegExp(`(?<![.\\w])${name.replaceAll(".", "\\.")}\\.(${columns.join("|")})\\b`);
  return withoutStrings(layout.text.slice(save.end, node.end))
    .split(/\n(?=\s*log(?:ger|ging)?\.)/)
    .map((one, index) => (index === 0 ? one : one.replace(/^\s*log[\s\S]*?\)\s*(?=\n|$)/, "")))
    .some((one) => read.test(one));
}
