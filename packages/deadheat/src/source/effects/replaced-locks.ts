import type { Span } from "../parse/syntax.ts";
import type { Step } from "./effect.ts";
import type { Run } from "./run.ts";
import type { Query } from "./values.ts";

interface Unread {
  readonly query: Query;
  readonly span: Span;
  readonly steps: readonly Step[];
}

/** Names that hold a queryset with a lock which nobody has read yet. */
const unread = new WeakMap<Run, Map<string, Unread>>();

export function keepUnread(run: Run, name: string, query: Query, { start, end }: Span): void {
  const names = unread.get(run) ?? new Map<string, Unread>();
  names.set(name, { query, span: { start, end }, steps: run.steps });
  unread.set(run, names);
}

/**
 * `rows = self.select_for_update()`, and on the next line `rows = self.filter(…)`: the lock was meant for what is read
 * later, but goes with the queryset that the name held, and nobody has asked that one for anything.
 */
export function noteReplaced(run: Run, name: string, by: Span): void {
  const before = unread.get(run)?.get(name);
  if (!before || before.query.lockSite?.fn !== run.fn) return;
  unread.get(run)?.delete(name);
  const between = run.fn.module.source.text.slice(before.span.end, by.end);
  // (In a handler, the statement that set it may be the one that failed.)
  if (/\bexcept\b/.test(between) || !isOnTheWay(before.steps, run.steps)) return;
  if ([...between.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length !== 1) return;
  run.emit("command", before.span, { name: "unread-lock", query: before.query });
}

/** One of them is inside of the other's arm, and not beside it. */
function isOnTheWay(one: readonly Step[], other: readonly Step[]): boolean {
  const [outer, inner] = one.length <= other.length ? [one, other] : [other, one];
  return outer.every((step) => inner.includes(step));
}
