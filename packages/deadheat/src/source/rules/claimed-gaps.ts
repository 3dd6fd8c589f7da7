import { compatible, type Effect } from "../effects/effect.ts";
import { isHandedOut } from "../effects/handed-out.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { type Assigned, type Atom, columnOf, type Row } from "../effects/values.ts";
import { actsAfter, isAct, isArithmetic, isClaim, isStrong } from "./acts.ts";
import type { FieldAtom, Gap } from "./gap.ts";
import { isConditional, isWritten, rowOfUpdate } from "./read-modify-write.ts";
import { isGivenByCaller } from "./replaced.ts";
import type { RuleContext } from "./rule.ts";

/** Rows looked for by a column, then given another value there. */
export function* claimed({ effects, program, analysis }: RuleContext): Generator<Gap> {
  for (const write of effects) {
    const row = write.kind === "update" ? rowOfUpdate(write) : write.row;
    const search = row && searchOf(row);
    if (!/^(save|update)$/.test(write.kind) || !row || !search || row.origin === "new") continue;
    const laterNow = [...(write.fields?.values() ?? [])].filter(isSumOfTime).map((one) => columnOf(one.name));
    const looked = (search.fetch.query?.filters ?? [])
      .filter((one) => !OF_A_PART.test(one.lookup) && one.lookup.startsWith(search.path))
      // `expires__gt=now`, and it expires later now: found as before.
      .filter(({ lookup }) => !laterNow.some((one) => lookup.startsWith(`${search.path}${one}__gt`)))
      .map((one) => columnOf(one.lookup.slice(search.path.length).split("__")[0] as string));
    const column = [...(write.fields?.values() ?? [])].find(
      (one) => looked.includes(columnOf(one.name)) && !one.database && isWritten(write, one.name),
    );
    if (!column || isConditional(write, columnOf(column.name))) continue;
    if (isClaimedBefore(write, row, column.name) || isGivenTheSame(search, column)) continue;
    if ((write.tested && isClaim(write)) || isClaimedElsewhere(effects, write)) continue;
    const protection = protectionOf(effects, row, write, program.models);
    if (protects(protection)) continue;
    // Of many rows, a lock taken before they were looked for is what its holder goes by.
    if (search.row.origin === "element" && protects(queryProtection(effects, search.fetch, write))) continue;
    const acts = actsAfter(effects, write, undefined).filter(
      (one) => one.seq > search.fetch.seq && !isForMissing(one, search.fetch),
    );
    // `Gift.objects.filter(owner=None).first()`, and it is the caller's now: both callers think so.
    const isOwned =
      /^(first|last|earliest|latest|\[0\])$/.test(search.fetch.name) && column.value.kind === "row";
    const isTakenAway = isHandedOut(write) && !SHOWN.test(column.name);
    const isGiven =
      isGivenByCaller(write, column.name) &&
      isLookedForByState(search, column.name) &&
      !isOfItself(column, row);
    if (acts.length === 0 && analysis.row !== search.row && !isOwned && !isTakenAway && !isGiven) continue;
    yield {
      kind: "claim",
      write,
      row,
      column: column.name,
      protection,
      acts,
      assignedAt: column.site,
      testedOutside: false,
    };
  }
}

/** `expires = now + TTL`: a sum of nothing that was read. */
function isSumOfTime({ value, deps }: Assigned): boolean {
  return isArithmetic(value) && deps.length === 0;
}

/** `except IndexError: token = Token.objects.create(…)`: done where none was found, and not after one was. */
function isForMissing({ guards }: Effect, fetch: Effect): boolean {
  return guards.some(
    ({ kind, deps }) =>
      kind === "missing" && deps.some((one) => one.kind === "query" && one.effect === fetch),
  );
}

interface Search {
  readonly fetch: Effect;
  /** What it brought. */
  readonly row: Row;
  /** How its lookups begin where they ask for columns of the row that is written. */
  readonly path: string;
}

/** `filter(order__status="paid")` looks for a parcel by a column of its order: `parcel.order.status` is what was asked. */
function searchOf(row: Row): Search | undefined {
  let path = "";
  for (let at: Row | undefined = row; at; at = at.parent?.row) {
    if (at.fetch?.query) return { fetch: at.fetch, row: at, path };
    if (!at.parent) return undefined;
    path = `${at.parent.name}__${path}`;
  }
  return undefined;
}

/** `made_on__date=today`, and `made_on = now` afterwards: it is found as before. */
const OF_A_PART = /__(i?startswith|i?endswith|i?contains|i?regex|date|year|month|week|day)$/;

/** `if filter(pk=row.pk, due=row.due).update(due=later) != 1: return`: only who has won comes here. */
function isClaimedBefore(write: Effect, { key }: Row, column: string): boolean {
  return write.guards.some((guard) =>
    guard.deps.some(
      (atom) =>
        atom.kind === "query" &&
        atom.effect.kind === "update" &&
        atom.effect.key === key &&
        isConditional(atom.effect, columnOf(column)),
    ),
  );
}

/**
 * `free = filter(pk=row.pk, state=row.state)`, and only who gets `free.update(state="done")` to change a row goes on: on
 * another arm, `free.update(due=later)` puts it off, which is the same from both.
 */
function isClaimedElsewhere(effects: readonly Effect[], write: Effect): boolean {
  const lookups = ({ query }: Effect) => query?.filters.map((one) => one.lookup).join();
  return effects.some(
    (one) =>
      write.kind === "update" &&
      one.kind === "update" &&
      one.tested &&
      one.key === write.key &&
      !compatible(one.steps, write.steps) &&
      lookups(one) === lookups(write) &&
      isClaim(one),
  );
}

/** `give(row.pk, row.code)`: given to the called function, and here the row's own. */
function isOfItself({ deps, value }: Assigned, { key }: Row): boolean {
  if (value.kind === "row" && value.parent?.row.key === key) return true;
  return deps.length > 0 && deps.every((one) => one.kind === "field" && one.row.key === key);
}

/** `get_or_create(line=line)`, and then `found.line = line`: it is found as before. */
function isGivenTheSame({ fetch: { query }, path }: Search, { name, value }: Assigned): boolean {
  if (value.kind !== "row") return false;
  return (query?.filters ?? []).some(
    (one) =>
      !one.exclude &&
      columnOf(one.lookup.slice(path.length)) === columnOf(name) &&
      one.value.kind === "row" &&
      one.value.key === value.key,
  );
}

/** `get(pk=pk, holder=None)`: free rows, or those in one state. */
function isLookedForByState({ fetch: { query }, path }: Search, column: string): boolean {
  return (query?.filters ?? []).some(({ lookup, value }) => {
    if (!lookup.startsWith(path)) return false;
    if (columnOf(lookup.slice(path.length).split("__")[0] as string) !== columnOf(column)) return false;
    return (value.kind === "scalar" && value.literal !== undefined) || value.kind === "function";
  });
}

/** Shown twice to the same user is no harm. */
const SHOWN = /^(is_|was_|has_)?(seen|read|unread|viewed|shown|displayed|new)(_at|_on|_by)?$/;

/** `old = self.token; old.revoke(); self.token = None; self.save()`. */
export function* taken({ effects, program }: RuleContext): Generator<Gap> {
  for (const write of effects) {
    const { row } = write;
    if (write.kind !== "save" || !row || row.origin === "new") continue;
    for (const assigned of write.fields?.values() ?? []) {
      if (assigned.database || !isWritten(write, assigned.name)) continue;
      const column = columnOf(assigned.name);
      const isOfColumn = (atom: Atom): atom is FieldAtom =>
        atom.kind === "field" && atom.row.key === row.key && atom.name === column;
      if (assigned.deps.some(isOfColumn)) continue;
      const used = effects.find(
        (one) => one.seq < write.seq && isAct(one, write) && usesOf(one).some(isOfColumn),
      );
      // `setattr(copy, name, None)`: which column, nobody knows; it takes more than a call out of sight.
      if (!used || (column === "*" && !isStrong(used))) continue;
      const read = usesOf(used).find(isOfColumn)!;
      if (isGivenBefore(effects, read, column)) continue;
      const protection = protectionOf(effects, read.row, write, program.models);
      if (protects(protection)) continue;
      yield {
        kind: "take",
        write,
        row,
        column: assigned.name,
        protection,
        read,
        acts: [used],
        assignedAt: assigned.site,
        testedOutside: false,
      };
    }
  }
}

/** `finish(row, "done")` failed, and `finish(row, "failed")` follows: what was used is what was just written there. */
function isGivenBefore(effects: readonly Effect[], { row, seq }: FieldAtom, column: string): boolean {
  return effects.some(
    (one) =>
      one.kind === "save" &&
      one.seq < seq &&
      one.row?.key === row.key &&
      [...(one.fields?.keys() ?? [])].some((name) => columnOf(name) === column && isWritten(one, name)),
  );
}

function usesOf(effect: Effect): readonly Atom[] {
  return [
    ...effect.deps,
    ...(effect.query?.deps ?? []),
    ...(effect.row?.fetch?.query?.deps ?? []),
    ...(effect.row?.deps ?? []),
  ];
}
