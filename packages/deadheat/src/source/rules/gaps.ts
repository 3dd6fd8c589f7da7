import { ANY_COLUMN, isNamedElsewhere } from "../effects/by-name.ts";
import type { Effect, Guard } from "../effects/effect.ts";
import { compatible, isLeftBefore, sameTransaction } from "../effects/effect.ts";
import { isHandedOut } from "../effects/handed-out.ts";
import {
  type Coverage,
  type Protection,
  protectionOf,
  protects,
  queryProtection,
} from "../effects/protection.ts";
import { type Atom, columnOf, type Row, type Value } from "../effects/values.ts";
import { NOTES_TIME } from "../facts/names.ts";
import { sameModel } from "../project/models.ts";
import {
  isNormalisation,
  isWritten,
  readModifyWrites,
  recomputed,
  rowOfUpdate,
  updatesFromRead,
} from "./read-modify-write.ts";
import { refusedTogether } from "./refused-together.ts";
import { isGivenByCaller, isReplaced, isWrittenIfDifferent } from "./replaced.ts";
import type { RuleContext } from "./rule.ts";

type FieldAtom = Atom & { readonly kind: "field" };

/**
 * A write to a row that was there before, which depends on what was read of that row, with nothing sufficient
 * between the read and the write. Which rule names it depends on what it does and on what there is instead.
 */
export interface Gap {
  /**
   * `counter`, `document`, `derived`, `method`: the value written was computed from the row's own.
   * `recomputed`: the value was computed from a query over the row's children.
   * `state`: a column is tested and then changed. `claim`: rows were looked for by a column that is then changed.
   * `take`: a column's value is used for something and then replaced.
   */
  readonly kind:
    | "counter"
    | "document"
    | "derived"
    | "method"
    | "rewritten"
    | "recomputed"
    | "state"
    | "claim"
    | "take";
  readonly write: Effect;
  readonly row: Row;
  readonly column: string;
  readonly protection: Protection;
  readonly read?: FieldAtom;
  readonly readAt?: Effect["site"];
  readonly test?: Guard;
  /** What else happens because of the test: what a second request does again. */
  readonly acts: readonly Effect[];
  readonly assignedAt?: Effect["site"];
  /** The condition was evaluated before the transaction that writes. */
  readonly testedOutside: boolean;
  /** The database refuses the second one, with an error that nobody handles. */
  readonly refused?: boolean;
}

const known = new WeakMap<readonly Effect[], readonly Gap[]>();

/** All gaps of one function; the same list for all rules that ask. */
export function gapsOf(context: RuleContext): readonly Gap[] {
  const found = known.get(context.effects);
  if (found) return found;
  const gaps = [
    ...computed(context),
    ...answered(context),
    ...tested(context),
    ...claimed(context),
    ...taken(context),
  ].filter((gap) => isColumn(context, gap));
  known.set(context.effects, gaps);
  return gaps;
}

/** `self._parser`, `obj.__dict__`: attributes of the object that no table has. */
function isColumn({ program }: RuleContext, { row, column, write }: Gap): boolean {
  if (column.startsWith("__") || isRequest(row) || isOfAnother(write)) return false;
  if (!row.model && (column.startsWith("_") || isForm(write))) return false;
  if (!row.model?.definition || column === ANY_COLUMN || isNamedElsewhere(column)) return true;
  const { models } = program;
  const fields = models.fields(row.model);
  const isProperty = (name: string) => program.project.method(row.model!.definition!, name) !== undefined;
  const isField = fields.has(column) || fields.has(columnOf(column)) || isProperty(column);
  return isField || !(models.complete(row.model) || column.startsWith("_"));
}

/** The object was given another row's key, or none, on the way to the write: what is written is not what was read. */
function isOfAnother({ fields }: Effect): boolean {
  return fields !== undefined && (fields.has("pk") || fields.has("id"));
}

/** `form.save()` of what is asked `form.is_valid()` in the same function: its `data` is no column. */
function isForm({ site: { fn, start, end } }: Effect): boolean {
  const { text } = fn.module.source;
  const name = /^(\w+)\.save\(/.exec(text.slice(start, end))?.[1];
  return name !== undefined && name !== "self" && fn.text().includes(`${name}.is_valid(`);
}

/** `request.data["k"] = v` changes what the client sent, in memory. */
function isRequest({ parameter, key, parent }: Row): boolean {
  return parameter === "request" || parent?.name === "request" || /(^|\.)request(\)|$)/.test(key);
}

export function gapsWith(
  context: RuleContext,
  coverages: readonly Coverage[],
  kinds: readonly Gap["kind"][],
): Gap[] {
  return gapsOf(context).filter(
    (one) => coverages.includes(one.protection.coverage) && kinds.includes(one.kind),
  );
}

function* computed({ effects, program }: RuleContext): Generator<Gap> {
  for (const { write, assigned, atom, kind, row } of [
    ...readModifyWrites(effects),
    ...updatesFromRead(effects),
  ]) {
    const protection = protectionOf(effects, atom.row, write, program.models);
    if (protects(protection) || isWrittenBefore(effects, write)) continue;
    const acts = actsAfter(effects, write, undefined);
    yield {
      kind,
      write,
      row,
      column: assigned.name,
      protection,
      read: atom,
      acts,
      assignedAt: assigned.site,
      testedOutside: false,
    };
  }
}

/** All its columns were written before, in the same transaction: the row is locked, and holds what the object holds. */
function isWrittenBefore(effects: readonly Effect[], write: Effect): boolean {
  return effects.some(
    (one) =>
      one.kind === "save" &&
      one.seq < write.seq &&
      one.columns === undefined &&
      one.row !== undefined &&
      one.row.key === write.row?.key &&
      sameTransaction(one.txns, write.txns) &&
      one.steps.every((step) =>
        write.steps.some((own) => own.branch === step.branch && own.arm === step.arm),
      ),
  );
}

function* answered({ effects, program }: RuleContext): Generator<Gap> {
  for (const { write, assigned, read, row } of recomputed(effects)) {
    const protection = protectionOf(effects, row, write, program.models);
    // The object may be old: what is stored comes from the query, and that one is asked under the lock.
    const { coverage, lock } = protection;
    if (coverage === "stale") continue;
    // Locked only when the answer was there: whoever waited for the lock writes what was true before the wait. (What a
    // called function looks at may be asked again there, under the lock that it was given.)
    const isLate =
      coverage === "locked" && lock !== undefined && lock.seq > read.seq && read.trail.length === 0;
    if ((protects(protection) && !isLate) || protects(queryProtection(effects, read, write))) continue;
    yield {
      kind: "recomputed",
      write,
      row,
      column: assigned.name,
      protection: isLate ? { coverage: "stale", lock } : protection,
      readAt: read.site,
      acts: [],
      assignedAt: assigned.site,
      testedOutside: false,
    };
  }
}

/** Writes to rows that were there before, with the columns they change. */
function* stateWrites(effects: readonly Effect[]): Generator<{
  readonly write: Effect;
  readonly key: string;
  readonly columns: ReadonlySet<string>;
  readonly row?: Row;
}> {
  for (const write of effects) {
    if (isNormalisation(write)) continue;
    if (write.kind === "save" && write.row && write.row.origin !== "new") {
      const columns = [...(write.fields?.keys() ?? [])].filter((one) => isWritten(write, one)).map(columnOf);
      if (columns.length > 0) yield { write, key: write.row.key, columns: new Set(columns), row: write.row };
    } else if (write.kind === "update" && write.query) {
      const { key } = write;
      if (key && !key.startsWith("#"))
        yield { write, key, columns: new Set([...(write.fields?.keys() ?? [])].map(columnOf)) };
    }
  }
}

function* tested(context: RuleContext): Generator<Gap> {
  const { effects, program } = context;
  for (const { write, key, columns } of stateWrites(effects)) {
    const seen = new Set<string>();
    for (const test of [...write.guards, ...testsOfAssigned(context, write)])
      for (const read of test.deps) {
        // `setattr(row, name, …)`: which column, nobody knows.
        if (read.kind !== "field" || read.name === "*") continue;
        const atom = columnTested(read, key, columns);
        if (!atom || seen.has(atom.name)) continue;
        seen.add(atom.name);
        if (isConditional(write, atom.name) || isComputedByDatabase(write, atom.name)) continue;
        const protection = protectionOf(effects, atom.row, write, program.models);
        if (protects(protection) || isTestedAgain(context, atom.row, write)) continue;
        const isLater = !write.guards.includes(test);
        const isBlind = isWrittenIfDifferent(write, atom.name, test);
        const acts = isLater
          ? actsBeside(effects, write, test, atom)
          : [
              ...actsAfter(effects, write, test),
              // (What others do by the same column is not done because it was different.)
              ...(isBlind ? [] : actsOnTheSame(effects, write, test, atom)),
            ];
        if (isLater && acts.length === 0) continue;
        // Taken off once more is another state; set once more is the same one.
        const value = write.fields?.get(atom.name)?.value;
        if (atom !== read && !(isRelation(context, atom) && acts.some(isStrong))) continue;
        if (
          acts.length === 0 &&
          !isArithmetic(value) &&
          (!isCallersOwn(value) || isBlind) &&
          !isTakenForCaller(context, write) &&
          !isReplaced(write, atom.name, test)
        )
          continue;
        const refused = refusedTogether(context, atom.row, write, acts);
        if (refused === "handled") continue;
        yield {
          kind: "state",
          write,
          row: atom.row,
          column: atom.name,
          protection,
          read: atom,
          test,
          acts,
          testedOutside: isTestedOutside(test, write),
          ...(refused ? { refused: true } : {}),
        };
      }
  }
}

/** `if row.state == OLD: send(row); row.state = NEW`, and only then, whatever was found, `row.save()`. */
function testsOfAssigned({ effects, guards }: RuleContext, write: Effect): Guard[] {
  if (write.kind !== "save" || !write.fields) return [];
  const isOfWrite = (branch: number) => write.steps.some((own) => own.branch === branch);
  const branches = new Set(
    [...write.fields.values()].flatMap((one) =>
      one.steps.map((step) => step.branch).filter((branch) => !isOfWrite(branch)),
    ),
  );
  if (branches.size === 0) return [];
  const all = new Set([...guards, ...effects.flatMap((one) => one.guards)]);
  return [...all].filter(
    (one) =>
      one.branch !== undefined &&
      branches.has(one.branch) &&
      one.seq < write.seq &&
      // (What a called function tests and changes, is its own matter.)
      one.trail.length === write.trail.length &&
      !write.guards.includes(one),
  );
}

/** What is done in the arm of the test in which the column is given its new value. */
function actsBeside(
  effects: readonly Effect[],
  write: Effect,
  test: Guard,
  { name }: FieldAtom,
): readonly Effect[] {
  const assigned = [...(write.fields?.values() ?? [])].find((one) => columnOf(one.name) === columnOf(name));
  const arm = assigned?.steps.find((one) => one.branch === test.branch)?.arm;
  if (arm === undefined) return [];
  // (A cache that is filled from somewhere is filled once more.)
  return actsAfter(effects, write, test).filter(
    (one) => isStrong(one) && one.steps.some((step) => step.branch === test.branch && step.arm === arm),
  );
}

/** (`row.picture.size` is of a file, and no other row's.) */
function isRelation({ program: { models } }: RuleContext, { row, name }: FieldAtom): boolean {
  const field = row.model && models.fields(row.model).get(name);
  return !field || field.target !== undefined;
}

/** Of `row.state.name`, where `row.state` is what is replaced, that one: a state may be a row of its own. */
function columnTested(read: FieldAtom, key: string, columns: ReadonlySet<string>): FieldAtom | undefined {
  let at: FieldAtom = read;
  for (let depth = 0; depth < 3; depth++) {
    if (at.row.key === key) return columns.has(at.name) ? at : undefined;
    const { parent } = at.row;
    if (!parent) return undefined;
    at = { ...at, row: parent.row, name: columnOf(parent.name) };
  }
  return undefined;
}

/** `if not start(job): return`, where `start` tests and changes: what follows in the caller is under the same test. */
function actsOnTheSame(
  effects: readonly Effect[],
  write: Effect,
  test: Guard,
  { row, name }: FieldAtom,
): readonly Effect[] {
  const isSame = (guard: Guard) =>
    guard.id !== test.id &&
    guard.deps.some((one) => one.kind === "field" && one.row.key === row.key && one.name === name);
  return effects.filter(
    (one) =>
      isAct(one, write) && one.guards.some(isSame) && !one.guards.some((guard) => guard.id === test.id),
  );
}

/** Taken for whoever asks: the second one takes it from the first. */
function isCallersOwn(value: Value | undefined): boolean {
  if (value?.kind !== "row") return false;
  return value.origin === "principal" || (value.origin === "parameter" && !value.parent);
}

/** `held_at = now(); holder = request.user` of what nobody held: the second one takes it from the first. */
function isTakenForCaller({ program: { models } }: RuleContext, write: Effect): boolean {
  return [...(write.fields?.values() ?? [])].some(
    ({ name, value }) =>
      isWritten(write, name) &&
      isCallersOwn(value) &&
      value.kind === "row" &&
      (value.origin === "principal" || sameModel(value.model, models.user())),
  );
}

export function isArithmetic(value: Value | undefined): boolean {
  return value?.kind === "scalar" && value.shape === "arithmetic";
}

/** Written through the locked object, of which something is tested as well: the early test was the quick answer. */
function isTestedAgain({ guards, program, effects }: RuleContext, tested: Row, write: Effect): boolean {
  const { row } = write;
  if (!row || row === tested || !protects(protectionOf(effects, row, write, program.models))) return false;
  return [...guards, ...write.guards].some(
    (guard) =>
      guard.seq < write.seq &&
      guard.deps.some((atom) =>
        atom.kind === "field" ? atom.row === row : atom.effect === row.fetch && asksForState(atom.effect),
      ),
  );
}

/** `filter(pk=row.pk, revoked=None).select_for_update().first()`: the search itself is the test. */
function asksForState({ query }: Effect): boolean {
  return (query?.filters ?? []).some((one) => !/^(pk|id)(__exact)?$/.test(one.lookup));
}

/** `filter(status="new").update(status="done")`: the database tests and writes in one. */
export function isConditional(write: Effect, column: string): boolean {
  return (write.query?.filters ?? []).some((one) => columnOf(one.lookup.split("__")[0] as string) === column);
}

function isComputedByDatabase(write: Effect, column: string): boolean {
  return [...(write.fields?.values() ?? [])].some((one) => columnOf(one.name) === column && one.database);
}

function isTestedOutside(test: Guard, write: Effect): boolean {
  return write.txns.length > 0 && !sameTransaction(test.txns, write.txns);
}

/** Rows looked for by a column, then given another value there. */
function* claimed({ effects, program, analysis }: RuleContext): Generator<Gap> {
  for (const write of effects) {
    const row = write.kind === "update" ? rowOfUpdate(write) : write.row;
    const search = row && searchOf(row);
    if (!/^(save|update)$/.test(write.kind) || !row || !search || row.origin === "new") continue;
    const looked = (search.fetch.query?.filters ?? [])
      .filter((one) => !OF_A_PART.test(one.lookup) && one.lookup.startsWith(search.path))
      .map((one) => columnOf(one.lookup.slice(search.path.length).split("__")[0] as string));
    const column = [...(write.fields?.values() ?? [])].find(
      (one) => looked.includes(columnOf(one.name)) && !one.database && isWritten(write, one.name),
    );
    if (!column || isConditional(write, columnOf(column.name))) continue;
    if (isClaimedBefore(write, row, column.name)) continue;
    const protection = protectionOf(effects, row, write, program.models);
    if (protects(protection)) continue;
    // Of many rows, a lock taken before they were looked for is what its holder goes by.
    if (search.row.origin === "element" && protects(queryProtection(effects, search.fetch, write))) continue;
    const acts = actsAfter(effects, write, undefined).filter((one) => one.seq > search.fetch.seq);
    // `Gift.objects.filter(owner=None).first()`, and it is the caller's now: both callers think so.
    const isOwned =
      /^(first|last|earliest|latest|\[0\])$/.test(search.fetch.name) && column.value.kind === "row";
    const isTakenAway = isHandedOut(write) && !SHOWN.test(column.name);
    const isGiven = isGivenByCaller(write, column.name) && isLookedForByState(search, column.name);
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
function* taken({ effects, program }: RuleContext): Generator<Gap> {
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

/** Weighty enough for a message of its own: something is made or leaves the process, or is counted. */
export function isStrong(effect: Effect): boolean {
  if (["create", "external", "mint", "get-or-create", "delete"].includes(effect.kind)) return true;
  if (effect.name === "bulk_update" || (effect.kind === "command" && isIrrevocable(effect.name))) return true;
  if (effect.kind !== "save" && effect.kind !== "update") return false;
  return [...(effect.fields?.values() ?? [])].some((one) => one.database || isArithmetic(one.value));
}

/** Out of sight, but its name says that it cannot be taken back. (A signal's `send` is a call in the process.) */
export function isIrrevocable(name: string): boolean {
  return (
    /(^|[._])(charge|refund|capture|payout|deliver|ship|transfer)(_\w+)?$/.test(name) ||
    /(courier|carrier|gateway|provider|service|sender|transport)\.send\w*$/.test(name)
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

const ACTS = new Set<Effect["kind"]>([
  "create",
  "get-or-create",
  "external",
  "command",
  "delete",
  "update",
  "save",
  "mint",
  "spend",
]);

/** Something that a second request would do once more. */
export function isAct(effect: Effect, write: Effect): boolean {
  if (effect === write || !ACTS.has(effect.kind) || !compatible(effect.steps, write.steps)) return false;
  const [first, second] = effect.seq < write.seq ? [effect, write] : [write, effect];
  if (isLeftBefore(first, second)) return false;
  if (
    effect.kind === "save" ||
    effect.kind === "update" ||
    effect.kind === "delete" ||
    effect.kind === "command"
  ) {
    // On the row itself: the same state written again.
    if (effect.row && effect.row.key === write.row?.key)
      return effect.kind === "command" && !/^(self\.)?_?(refresh|set|clear|reset|log)/.test(effect.name);
    if (effect.kind === "update" && effect.key === write.row?.key && write.row) return false;
    if (isTheSameAgain(effect)) return false;
    if (effect.kind === "command" && (ASKS.test(effect.name) || OF_DICTIONARY.test(effect.name)))
      return false;
  }
  // Once more, the row is there; where two can be made, that is said of the call itself.
  if (effect.kind === "get-or-create" && effect.name === "get_or_create") return false;
  return !isHarmless(effect.name) && !isClaimed(effect);
}

/** Done only by whoever has moved another row on: `if filter(pk=pk, state=OLD).update(state=NEW): send()`. */
function isClaimed({ guards }: Effect): boolean {
  return guards.some(({ deps }) =>
    deps.some(
      (atom) =>
        atom.kind === "query" &&
        atom.effect.kind === "update" &&
        [...(atom.effect.fields?.keys() ?? [])].some((one) => isConditional(atom.effect, columnOf(one))),
    ),
  );
}

/** `kwargs.pop("defaults")`, `digest.update(part)`: what is called with or computed, and nothing that is kept. */
const OF_DICTIONARY =
  /(^|\.)((kwargs|defaults|context|headers|params)\.(update|pop|setdefault)|_?(digest|hash|hasher|hmac|mac|md5|sha\d*|checksum)\.update)$/;

/** `storage.path(name)`, called for what it raises: an answer, and nothing done. */
const ASKS = /(^|[._])(path|exists|size|url|(is|has)_\w+)$/;

/** Another row is given what is written down, or taken out of a relation: once more, it is the same. */
function isTheSameAgain({ kind, name, fields }: Effect): boolean {
  if (kind === "command") return /\w\.(remove|discard|clear)$/.test(name);
  if (kind === "delete" || !fields || fields.size === 0) return false;
  return [...fields.values()].every(
    (one) => (one.constant || NOTES_TIME.test(one.name)) && !one.database && !one.inPlace,
  );
}

/** Logging and the like may happen twice. */
export function isHarmless(name: string): boolean {
  return (
    /(^|\.)(log(ger|ging)?|messages|statsd|metrics|sentry\w*|cache|print|warnings|capsys)\./i.test(name) ||
    /(^|[._])(log|logger|debug|info|warning|error|exception|incr|invalidate\w*)$/i.test(name)
  );
}

/** What happens under the same condition as `write`, or, without one, after what `write` depends on. */
export function actsAfter(effects: readonly Effect[], write: Effect, test: Guard | undefined): Effect[] {
  return effects.filter(
    (one) =>
      isAct(one, write) &&
      (test ? one.guards.some((guard) => guard.id === test.id) : one.guards.length <= write.guards.length),
  );
}
