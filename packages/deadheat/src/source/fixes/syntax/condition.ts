import { columnOf } from "../../effects/values.ts";
import type { Expression } from "../../parse/syntax.ts";
import type { FixContext } from "../fix.ts";
import { dotted } from "./walk.ts";

/** What has to hold of a row for a test not to refuse it, as arguments of `filter` and of `exclude`. */
export interface Condition {
  readonly filter: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * The opposite of `test`, as far as it is about columns of the row `name`: `coupon.used or coupon.left < n` becomes
 * `used=False, left__gte=n`. `undefined` where it says more of them than a query can.
 */
export function opposite(
  context: FixContext,
  test: Expression,
  name: string,
  isFlag: (column: string) => boolean,
  columns: ReadonlySet<string>,
): Condition | undefined {
  const { layout } = context;
  if (test.kind === "boolean") {
    const operator = layout.text.slice(test.left.end, test.right.start);
    if (!/\bor\b/.test(operator))
      return isAbout(context, test, name, columns) ? undefined : { filter: [], exclude: [] };
    const [left, right] = [test.left, test.right].map((one) => opposite(context, one, name, isFlag, columns));
    return (
      left &&
      right && { filter: [...left.filter, ...right.filter], exclude: [...left.exclude, ...right.exclude] }
    );
  }
  if (!isAbout(context, test, name, columns)) return { filter: [], exclude: [] };
  const only = (filter: string): Condition => ({ filter: [filter], exclude: [] });
  const column = (one: Expression | undefined) => columnIn(one, name);
  if (test.kind === "not") {
    const found = column(test.operand);
    return found && isFlag(found) ? only(`${found}=True`) : undefined;
  }
  const plain = column(test);
  if (plain) return isFlag(plain) ? only(`${plain}=False`) : undefined;
  if (test.kind !== "compare" || test.operands.length !== 2) return undefined;
  const [left, right] = test.operands as [Expression, Expression];
  const own = column(left);
  const other = own ? right : left;
  const tested = own ?? column(right);
  if (!tested || isAbout(context, other, name, columns) || !isValue(other)) return undefined;
  const value = layout.slice(other);
  const operator = own ? test.operators : (MIRRORED[test.operators] ?? test.operators);
  if (other.kind === "constant" && other.value === null)
    return operator === "is" || operator === "=="
      ? only(`${tested}__isnull=False`)
      : only(`${tested}__isnull=True`);
  switch (operator) {
    case "==":
    case "is":
      return { filter: [], exclude: [`${tested}=${value}`] };
    case "!=":
    case "is not":
      return only(`${tested}=${value}`);
    case "in":
      return own ? { filter: [], exclude: [`${tested}__in=${value}`] } : undefined;
    case "not in":
      return own ? only(`${tested}__in=${value}`) : undefined;
    case "<":
      return only(`${tested}__gte=${value}`);
    case "<=":
      return only(`${tested}__gt=${value}`);
    case ">":
      return only(`${tested}__lte=${value}`);
    case ">=":
      return only(`${tested}__lt=${value}`);
    default:
      return undefined;
  }
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

function columnIn(expression: Expression | undefined, name: string): string | undefined {
  if (expression?.kind !== "attribute" || dotted(expression.object) !== name) return undefined;
  return expression.name;
}

function isValue(expression: Expression): boolean {
  return !["other", "lambda", "comprehension", "walrus", "await", "yield", "conditional"].includes(
    expression.kind,
  );
}

function isAbout(
  { layout }: FixContext,
  test: Expression,
  name: string,
  columns: ReadonlySet<string>,
): boolean {
  const found = layout
    .slice(test)
    .matchAll(new RegExp(`(?<![.\\w])${name.replaceAll(".", "\\.")}\\.(\\w+)`, "g"));
  return [...found].some(([, column]) => columns.has(columnOf(column as string)));
}
