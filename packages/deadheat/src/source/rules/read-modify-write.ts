import type { Effect } from "../effects/effect.ts";
import { type Assigned, type Atom, columnOf, type Row } from "../effects/values.ts";

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

/** `def save(self): self.name = clean(self.name); super().save()`: the values are the caller's, not the database's. */
export function isNormalisation(write: Effect): boolean {
  return (
    write.row?.origin === "self" && /^(save|clean|full_clean|pre_save|clean_fields)$/.test(write.site.fn.name)
  );
}

/** The row came from `get_or_create` or from a `create` in this request. */
function isMade(effects: readonly Effect[], row: Row, write: Effect): boolean {
  return effects.some((one) => one.kind === "create" && one.row === row && one.seq < write.seq);
}

export function isWritten(write: Effect, column: string): boolean {
  if (write.columns === undefined || write.columns === "unknown") return true;
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
  if (itself) return { atom: itself, kind: kindOfChange(assigned) };
  const method = own.find((atom) => atom.name === "*");
  if (method) return { atom: method, kind: "method" };
  // A copy (`previous = current`) is what was read; a computation of it is what it would have been.
  const written =
    assigned.value.kind === "row" ? undefined : own.find((atom) => isAlsoWritten(write, atom.name));
  return written && { atom: written, kind: "derived" };
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
