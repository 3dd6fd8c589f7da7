import { ANY_COLUMN } from "../effects/by-name.ts";
import { identityDeps } from "../effects/dependencies.ts";
import type { Effect } from "../effects/effect.ts";
import { mayName } from "../effects/own-columns.ts";
import {
  type Assigned,
  type Atom,
  columnOf,
  hangsOn,
  meansRow,
  type Row,
  type Value,
} from "../effects/values.ts";
import { sameModel } from "../project/model.ts";

export interface ReadModifyWrite {
  readonly write: Effect;
  readonly assigned: Assigned;
  /** The read of the same row that the written value depends on. */
  readonly atom: Atom & { readonly kind: "field" };
  readonly row: Row;
  /**
   * `counter`: a column from itself (`n += 1`). `document`: a part of a column changed in place (JSON, a list).
   * `derived`: a column from others that are written, too. `method`: from what a method of the row says.
   * `rewritten`: a column from itself by a function (`slug = clean(slug)`): usually the same the second time.
   */
  readonly kind: "counter" | "document" | "derived" | "method" | "rewritten";
}

/** Saves of a row that was there before, whose new value depends on one of the row's own. */
export function* readModifyWrites(effects: readonly Effect[]): Generator<ReadModifyWrite> {
  for (const write of effects) {
    if (write.kind !== "save" || !write.row || !write.fields || write.row.origin === "new") continue;
    if (isMade(effects, write.row, write) || isNormalisation(write)) continue;
    for (const assigned of write.fields.values()) {
      if (assigned.database || assigned.constant || !isWritten(write, assigned.name)) continue;
      const found = ownRead(write, assigned);
      if (found) yield { write, assigned, row: write.row, ...found };
    }
  }
}

/** `filter(pk=row.pk).update(n=row.n + 1)`: what the database is told was computed from what it once said. */
export function* updatesFromRead(effects: readonly Effect[]): Generator<ReadModifyWrite> {
  for (const write of effects) {
    if (write.key === undefined || write.kind === "save") continue;
    for (const assigned of write.fields?.values() ?? []) {
      if (assigned.database || assigned.constant || isOptimistic(write, assigned)) continue;
      if (isBesideMerged(write, assigned)) continue;
      const column = columnOf(assigned.name);
      const atom = assigned.deps.find(
        (one): one is FieldAtom => one.kind === "field" && one.row.key === write.key && one.name === column,
      );
      if (atom && !isFoundEmpty(atom.row, column))
        yield { write, assigned, atom, row: atom.row, kind: kindOfChange(assigned) };
    }
  }
}

type FieldAtom = Atom & { readonly kind: "field" };

/** `filter(pk=row.pk, version=row.version).update(…)`: the write happens only to the row as it was read. */
function isOptimistic(write: Effect, assigned: Assigned): boolean {
  const filters = (write.query?.filters ?? []).filter((one) => !one.exclude);
  const isPinned = filters.some((one) => /^(pk|id)(__exact)?$/.test(one.lookup));
  return filters.some(({ lookup, value }) => {
    const column = columnOf(lookup.split("__")[0] as string);
    if (/^(pk|id)$/.test(column)) return false;
    if (column === columnOf(assigned.name)) return true;
    return isPinned && value.kind === "row" && value.parent?.row.key === write.key;
  });
}

/** `filter(code__isnull=True)`: what is written there is not what the database has said. */
function isFoundEmpty({ fetch }: Row, column: string): boolean {
  return (fetch?.query?.filters ?? []).some(
    ({ lookup, value, exclude }) =>
      !exclude &&
      value.kind === "scalar" &&
      ((lookup === `${column}__isnull` && value.literal === true) ||
        (columnOf(lookup) === column && value.literal === null)),
  );
}

/** `update(data=Merge("data", changes), state=row.state)`: what the row is, says what the database merges; this goes with it. */
function isBesideMerged({ fields }: Effect, assigned: Assigned): boolean {
  return kindOfChange(assigned) === "rewritten" && [...(fields?.values() ?? [])].some((one) => one.database);
}

export interface Recomputed {
  readonly write: Effect;
  readonly assigned: Assigned;
  /** The query over the row's own children whose answer is stored in it. */
  readonly read: Effect;
  readonly row: Row;
}

const ANSWERS = new Set<Effect["kind"]>(["aggregate", "count", "list"]);

/** `order.total = sum(line.price for line in order.lines.all()); order.save()`. */
export function* recomputed(effects: readonly Effect[]): Generator<Recomputed> {
  for (const write of effects) {
    const { row = rowOfUpdate(write) } = write;
    if (!/^(save|update)$/.test(write.kind) || !row || !write.fields || row.origin === "new") continue;
    if (isMade(effects, row, write)) continue;
    for (const assigned of write.fields.values()) {
      if (assigned.database || assigned.name === ANY_COLUMN || !isWritten(write, assigned.name)) continue;
      const read = [...assigned.deps, ...identityDeps(rootOf(assigned.value))]
        .map((one) => (one.kind === "query" ? one.effect : one.row.fetch))
        .find((one) => one && hangsOn(one.query, row.key) && (ANSWERS.has(one.kind) || isNewest(one, row)));
      if (read) yield { write, assigned, read, row };
    }
  }
}

/**
 * `topic.last_post = topic.posts.order_by("-pk").first()`: which one that is, the next one that is made changes. (Looked
 * for by more than its topic, it is the one that was asked for; and what a row is itself, is no child of it.)
 */
function isNewest({ kind, name, query, model }: Effect, row: Row): boolean {
  if (kind !== "fetch" || !FIRST_OF_MANY.test(name) || sameModel(model, row.model)) return false;
  return (query?.filters ?? []).every(({ value, exclude }) => !exclude && meansRow(value, row.key));
}

const FIRST_OF_MANY = /^(first|last|latest|earliest|\[-?\d+\])$/;

/** The row that was found, of what hangs on it: `post.author`, `post.made_at`. */
function rootOf(value: Value): Value {
  let at = value;
  while (at.kind === "row" && !at.fetch && at.parent) at = at.parent.row;
  return at;
}

/** `Order.objects.filter(pk=order.pk).update(total=total)`: the row of which it was told. */
export function rowOfUpdate({ kind, key, query }: Effect): Row | undefined {
  if (kind !== "update") return undefined;
  const named = query?.filters.flatMap(({ value }) =>
    value.kind === "row" ? [value, value.parent?.row] : [],
  );
  return named?.find((one) => one?.key === key);
}

/** `def save(self): self.name = clean(self.name); super().save()`: the values are the caller's, not the database's. */
export function isNormalisation(write: Effect): boolean {
  // (A receiver's implicit save stands at the head of its function.)
  if (write.site.end === write.site.fn.start && write.row?.parameter === "instance") return true;
  return (
    write.row?.origin === "self" && /^(save|clean|full_clean|pre_save|clean_fields)$/.test(write.site.fn.name)
  );
}

/** The row came from `get_or_create` or from a `create` in this request. */
function isMade(effects: readonly Effect[], row: Row, write: Effect): boolean {
  return effects.some((one) => one.kind === "create" && one.row === row && one.seq < write.seq);
}

export function isWritten(write: Effect, column: string): boolean {
  if (write.columns === undefined) return true;
  if (write.columns === "unknown") return mayName(write, column);
  return write.columns.some((one) => columnOf(one) === columnOf(column));
}

function ownRead(
  write: Effect,
  assigned: Assigned,
): { readonly atom: Atom & { readonly kind: "field" }; readonly kind: ReadModifyWrite["kind"] } | undefined {
  const row = write.row as Row;
  const own = assigned.deps.filter(
    (atom): atom is Atom & { readonly kind: "field" } => atom.kind === "field" && atom.row.key === row.key,
  );
  const column = columnOf(assigned.name);
  const itself = own.find((atom) => atom.name === column);
  if (itself && isText(itself)) return undefined;
  if (itself) return { atom: itself, kind: kindOfChange(assigned) };
  const method = own.find((atom) => atom.name === "*");
  if (method) return { atom: method, kind: "method" };
  // A copy (`previous = current`) is what was read; a computation of it is what it would have been.
  const written =
    assigned.value.kind === "row" ? undefined : own.find((atom) => isAlsoWritten(write, atom.name));
  return written && { atom: written, kind: "derived" };
}

/** `row.slug = free_slug(slugify(row.slug))`: a text is put into its form, which it has the second time. */
function isText({ site }: Atom & { readonly kind: "field" }): boolean {
  const before = site.fn.module.source.text.slice(Math.max(0, site.start - 40), site.start);
  return /\b(slugify|strip_tags|unidecode)\(\s*$/.test(before);
}

function kindOfChange({ inPlace, value }: Assigned): ReadModifyWrite["kind"] {
  if (inPlace) return "document";
  const shape = value.kind === "scalar" ? value.shape : value.kind === "tuple" ? "collection" : undefined;
  return shape === "arithmetic" ? "counter" : shape === "collection" ? "document" : "rewritten";
}

function isAlsoWritten(write: Effect, column: string): boolean {
  return [...(write.fields?.values() ?? [])].some(
    (one) => columnOf(one.name) === column && isWritten(write, one.name),
  );
}

/** `filter(status="new").update(status="done")`: the database tests and writes in one. */
export function isConditional(write: Effect, column: string): boolean {
  return (write.query?.filters ?? []).some((one) => columnOf(one.lookup.split("__")[0] as string) === column);
}
