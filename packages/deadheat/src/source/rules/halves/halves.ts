import { type Effect, isWrite, precedes, sameTransaction } from "../../effects/effect.ts";
import { locksOf } from "../../effects/protection.ts";
import type { Query, Row } from "../../effects/values.ts";
import type { RuleContext } from "../rule.ts";

/** Two writes in the order in which they are done, with nothing around both: the first may stay alone. */
export interface Halves {
  readonly first: Effect;
  readonly second: Effect;
  /** Both in one function that is called: whether they belong together is judged there. */
  readonly below: boolean;
}

/** What a pair of writes is, in words, where the one is wrong without the other. */
export type Belonging = (halves: Halves) => string | undefined;

/** All pairs of writes of which a failure in between leaves the first. */
export function* halvesOf(context: RuleContext): Generator<Halves> {
  if (!mayStayHalf(context)) return;
  const { effects } = context;
  const writes = effects.filter((one) => (isWrite(one) || isDeletionAbove(one)) && !one.deferred);
  // What takes the first back where the second fails, is the project's own transaction.
  const isTakenBack = (first: Effect, { seq }: Effect) =>
    writes.some(
      (one) => one.kind === "delete" && one.seq > seq && one.row !== undefined && isMadeBy(one.row, first),
    );
  for (const [index, second] of writes.entries())
    for (const first of writes.slice(0, index))
      if (
        precedes(first, second) &&
        !sameTransaction(first.txns, second.txns) &&
        // Who looks at both waits for the mutex that is held around them.
        !first.locks.some((one) => second.locks.includes(one)) &&
        !isOneStatement(first, second) &&
        !isTakenBack(first, second)
      )
        yield { first, second, below: first.trail[0] !== undefined && first.trail[0] === second.trail[0] };
}

/** Whether what this function leaves behind where it fails, is left to others by whoever calls it. */
export function mayStayHalf({ effects, analysis: { fn }, program }: RuleContext): boolean {
  // In a project whose requests are transactions, who calls a method or function that is no view is in one.
  if (program.settings.atomicRequests === true || ELSEWHERE.test(fn.module.path)) return false;
  if (ENDS_WHOLE.test(fn.head()) || RETRIES.test(fn.text())) return false;
  // Who locks rows is in a transaction, though it may be a caller's that is out of sight.
  return !locksOf(effects).some((one) => one.txns.length === 0);
}

/** A migration is a transaction; a command is started again by whoever has seen it fail; what tests are made with is theirs. */
const ELSEWHERE = /(^|\/)(migrations|management\/commands|scripts|test_utils|testing)\//;

/** Called while rows are deleted, in the transaction of that; run again from its start until it has come to its end. */
const ENDS_WHOLE = /\b(pre|post)_delete\b|\bm2m_changed\b|\b(autoretry_for|acks_late)\s*=/;
const RETRIES = /\bself\.retry\(/;

/** What comes of one call of a framework's is that framework's own. */
function isOneStatement(first: Effect, second: Effect): boolean {
  const [one, other] = [first, second].map(({ trail, site }) => [...trail, site]);
  return one!.every(({ fn, start }, depth) => fn === other![depth]?.fn && start === other![depth]?.start);
}

/** `super().delete()` in a model whose base is out of sight, or overrides it. */
export function isDeletionAbove({ kind, name, site: { fn, start, end } }: Effect): boolean {
  return (
    kind === "command" &&
    /\.delete$/.test(name) &&
    /^super\([^)]*\)\.delete\(/.test(fn.module.source.text.slice(start, end))
  );
}

/** `order`, `order.pk`, `line.order_id`: what all of them are called by. */
export function rowKey(key: string): string {
  return key.replace(/(\.pk|\.id|_id)$/, "");
}

/** The key of the row that is written itself. */
export function writtenKey(effect: Effect): string | undefined {
  const { row, key, trail, site } = effect;
  if (isDeletionAbove(effect)) return trail.length === 0 ? `${site.fn.qualified}(self)` : undefined;
  return row?.key ?? key;
}

/** A row that others hang on, by which column of theirs (none where it is that row's own relation). */
export interface Owner {
  readonly key: string;
  readonly column?: string;
  readonly model?: Row["model"];
}

/** `order` of `order.lines`, and of `Line.objects.filter(order=order)`. */
export function ownersOf(query: Query | undefined): Owner[] {
  const owner = query?.owner?.row;
  return [
    ...(owner ? [{ key: rowKey(owner.key), ...(owner.model ? { model: owner.model } : {}) }] : []),
    ...(query?.filters ?? []).flatMap(({ lookup, value, exclude }) =>
      !exclude && value.kind === "row" ? [{ key: rowKey(value.key), column: lookup }] : [],
    ),
  ];
}

/** The rows that a new one is given: `Line(order=order)`. */
export function givenRows({ fields, query }: Effect): Row[] {
  const owner = query?.owner?.row;
  return [
    ...(owner ? [owner] : []),
    ...[...(fields?.values() ?? [])].flatMap(({ value }) => (value.kind === "row" ? [value] : [])),
  ];
}

/** The row that this write has made: it is called by the write's place in the function that made it. */
export function isMadeBy(row: Row, create: Effect): boolean {
  if (row.origin !== "new") return false;
  if (create.row) return create.row.key === row.key;
  let made = create;
  while (made.origin) made = made.origin;
  return row.key.startsWith(`#new${made.seq}.`) && row.model === create.model;
}

/** How many calls there are from here to the two, where they are not in one: what is done far down is done there. */
export function callsTo({ first, second, below }: Halves): number {
  return below ? 0 : first.trail.length + second.trail.length;
}
