import { columnOf } from "../../effects/values.ts";
import type { Expression, Span, Statement } from "../../parse/syntax.ts";
import type { FixContext } from "../fix.ts";
import type { Range } from "./range.ts";
import { dotted, nodesIn } from "./walk.ts";

/**
 * A range made to begin early enough: what it uses and somebody computed from the row before it (`doc = self.json`)
 * would be as old as the row was then. So would what was decided on a column that it writes.
 */
export function withSources(context: FixContext, name: string, range: Range, fetch: Span | undefined): Range {
  const { suite, last } = range;
  const columns = new Set([...(context.write.fields?.keys() ?? [])].map(columnOf));
  let { first } = range;
  for (let index = first - 1; index >= 0; index--) {
    const statement = suite[index] as Statement;
    if (fetch && statement.start <= fetch.start) break;
    const names = namesIn(suite.slice(first, last + 1));
    const isUsed = assignedIn(statement).some((one) => names.has(one));
    const isDecided = statement.kind === "if" || isUsed;
    if (
      (isUsed && mentions(statement, name, () => true)) ||
      (isDecided && mentions(statement, name, (one) => columns.has(columnOf(one))))
    )
      first = index;
  }
  return { suite, first, last };
}

function namesIn(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements)
    for (const node of nodesIn(statement))
      if (node.kind === "name") names.add((node as unknown as { id: string }).id);
  return names;
}

/** Names that a statement, or one in it, gives a value to. */
function assignedIn(statement: Statement): string[] {
  const found: string[] = [];
  for (const node of nodesIn(statement)) {
    if (node.kind !== "assign" && node.kind !== "augment" && node.kind !== "for") continue;
    const { target } = node as unknown as { target: Expression };
    for (const one of nodesIn(target))
      if (one.kind === "name") found.push((one as unknown as { id: string }).id);
  }
  return found;
}

/** Reads `name.column` somewhere; a row's key never changes. */
function mentions(statement: Statement, name: string, isMeant: (column: string) => boolean): boolean {
  for (const node of nodesIn(statement)) {
    if (node.kind !== "attribute") continue;
    const { object, name: column } = node as unknown as { object: Expression; name: string };
    if (dotted(object) === name && !/^(pk|id|uuid|_meta|objects)$/.test(column) && isMeant(column))
      return true;
  }
  return false;
}
