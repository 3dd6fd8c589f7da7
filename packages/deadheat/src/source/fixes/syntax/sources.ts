import { columnOf } from "../../effects/values.ts";
import type { Expression, Span, Statement } from "../../parse/syntax.ts";
import type { FixContext } from "../fix.ts";
import { type Range, spanOf } from "./range.ts";
import { dotted, nodesIn } from "./walk.ts";

/**
 * What a range uses that somebody computed from the row before it (`doc = self.json`, also by way of other names):
 * it would be as old as the row was then.
 */
export function sourcesOf(context: FixContext, name: string, range: Range, fetch: Span | undefined): Span[] {
  const start = spanOf(range).start;
  const before = definitionsIn(context).filter(
    (one) => one.span.end <= start && (fetch === undefined || one.span.start > fetch.end),
  );
  const wanted = namesIn(range.suite.slice(range.first, range.last + 1));
  const found = new Set<Definition>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const one of before) {
      if (found.has(one) || !one.targets.some((target) => wanted.has(target))) continue;
      found.add(one);
      for (const used of namesIn([one.value])) wanted.add(used);
      grown = true;
    }
  }
  return [...found].filter((one) => mentions(one.value, name, () => true)).map((one) => one.span);
}

/** The statements just before a range that decide something on a column that it writes. */
export function withDecisions(
  context: FixContext,
  name: string,
  range: Range,
  fetch: Span | undefined,
): Range {
  const { suite, last } = range;
  const columns = new Set([...(context.write.fields?.keys() ?? [])].map(columnOf));
  let { first } = range;
  for (let index = first - 1; index >= 0; index--) {
    const statement = suite[index] as Statement;
    if (fetch && statement.start <= fetch.start) break;
    if (statement.kind === "if" && mentions(statement, name, (one) => columns.has(columnOf(one))))
      first = index;
  }
  return { suite, first, last };
}

interface Definition {
  readonly targets: readonly string[];
  readonly value: Expression;
  readonly span: Span;
}

function definitionsIn({ node }: FixContext): Definition[] {
  const found: Definition[] = [];
  for (const one of nodesIn(node)) {
    const any = one as unknown as { target: Expression; value?: Expression; source?: Expression };
    const value = one.kind === "for" ? any.source : any.value;
    if ((one.kind !== "assign" && one.kind !== "augment" && one.kind !== "for") || !value) continue;
    const targets: string[] = [];
    for (const inner of nodesIn(any.target))
      if (inner.kind === "name") targets.push((inner as unknown as { id: string }).id);
    // A loop's head is its source: what is in it are statements of their own.
    found.push({ targets, value, span: one.kind === "for" ? { start: one.start, end: value.end } : one });
  }
  return found;
}

function namesIn(roots: readonly object[]): Set<string> {
  const names = new Set<string>();
  for (const root of roots)
    for (const node of nodesIn(root))
      if (node.kind === "name") names.add((node as unknown as { id: string }).id);
  return names;
}

/** Reads `name.column` somewhere; a row's key never changes. */
function mentions(root: object, name: string, isMeant: (column: string) => boolean): boolean {
  for (const node of nodesIn(root)) {
    if (node.kind !== "attribute") continue;
    const { object, name: column } = node as unknown as { object: Expression; name: string };
    if (dotted(object) === name && !/^(pk|id|uuid|_meta|objects)$/.test(column) && isMeant(column))
      return true;
  }
  return false;
}
