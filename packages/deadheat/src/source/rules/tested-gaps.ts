import { type Effect, type Guard, sameTransaction } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { columnOf, type Row, type Value } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { actsAfter, isAct, isArithmetic, isStrong } from "./acts.ts";
import { isAskedAgain } from "./creation.ts";
import type { FieldAtom, Gap } from "./gap.ts";
import { isConditional, isNormalisation, isWritten } from "./read-modify-write.ts";
import { refusedTogether } from "./refused-together.ts";
import { isReplaced, isWrittenIfDifferent } from "./replaced.ts";
import type { RuleContext } from "./rule.ts";

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

/** A column is tested, then given another value. */
export function* tested(context: RuleContext): Generator<Gap> {
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
          !isSumOfRead(write, atom.name) &&
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
      isAct(one, write) &&
      one.guards.some(isSame) &&
      !one.guards.some((guard) => guard.id === test.id) &&
      // (What is asked once more, under a lock, before it is made, is made once.)
      !isAskedAgain(effects, one, write),
  );
}

/** (`expires = now + TTL` is a sum of nothing that was read: written once more, it is the same.) */
function isSumOfRead({ fields }: Effect, column: string): boolean {
  const { value, deps = [] } = fields?.get(column) ?? {};
  return isArithmetic(value) && deps.some((one) => one.kind !== "field" || !WHEN_MADE.test(one.name));
}

/** `min(now + TTL, row.created + LONGEST)`: when it was made, stays what it is. */
const WHEN_MADE = /^(date_|time_)?(created|made|issued|joined)(_(at|on|date|time))?$/;

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

/** Written through the locked object, of which something is tested as well: the early test was the quick answer. */
function isTestedAgain({ guards, program, effects }: RuleContext, tested: Row, write: Effect): boolean {
  const { row } = write;
  if (!row || row === tested || !protects(protectionOf(effects, row, write, program.models))) return false;
  return [...guards, ...write.guards].some(
    (guard) =>
      guard.seq < write.seq &&
      guard.deps.some((atom) =>
        atom.kind === "field" ? atom.row === row : isOfSearch(row, atom.effect) && asksForState(atom.effect),
      ),
  );
}

/** What brought the row, or the same queryset: `if not found: return`, then `list(found)[0]`. */
function isOfSearch({ fetch }: Row, effect: Effect): boolean {
  if (!fetch || effect === fetch) return fetch !== undefined;
  const [one, other] = [fetch.query?.lockSite, effect.query?.lockSite];
  return one !== undefined && one.fn === other?.fn && one.start === other.start;
}

/** `filter(pk=row.pk, revoked=None).select_for_update().first()`: the search itself is the test. */
function asksForState({ query }: Effect): boolean {
  return (query?.filters ?? []).some((one) => !/^(pk|id)(__exact)?$/.test(one.lookup));
}

function isComputedByDatabase(write: Effect, column: string): boolean {
  return [...(write.fields?.values() ?? [])].some((one) => columnOf(one.name) === column && one.database);
}

function isTestedOutside(test: Guard, write: Effect): boolean {
  return write.txns.length > 0 && !sameTransaction(test.txns, write.txns);
}
