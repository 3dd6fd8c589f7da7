import { sameModel } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { compatible, type Effect, READS, sameTransaction } from "./effect.ts";
import { isNarrower } from "./narrow-locks.ts";
import { type Atom, hangsOn, type Query, type Row } from "./values.ts";

/**
 * What stands between a read and the write that depends on it.
 *
 * - `locked`: the same row, locked before it was read, in the transaction that writes.
 * - `parent`: a row that all who write this one pass through is locked (`order` for its lines).
 * - `named`: an advisory lock or a mutex is held around both.
 * - `rechecked`: read before the lock, but compared with the locked row before the write.
 * - `stale`: the row is locked, but the values are those read before the lock.
 * - `wrong-row`: a lock is held, on a row that others need not lock.
 * - `narrow`: a mutex is held, whose key names more than what was asked for: others with another key do not wait.
 * - `uncommitted`: a mutex is held around both, and given back before the transaction commits.
 * - `outside`: locked outside of any transaction. `released`: locked in a transaction that has ended.
 * - `atomic`: a transaction, which does not make others wait. `none`: nothing.
 */
export type Coverage =
  | "locked"
  | "parent"
  | "named"
  | "rechecked"
  | "stale"
  | "wrong-row"
  | "narrow"
  | "outside"
  | "released"
  | "uncommitted"
  | "atomic"
  | "none";

export interface Protection {
  readonly coverage: Coverage;
  /** The lock that is held, or was, or is on another row. */
  readonly lock?: Effect;
}

const PROTECTS = new Set<Coverage>(["locked", "parent", "named", "rechecked"]);

export function protects(protection: Protection): boolean {
  return PROTECTS.has(protection.coverage);
}

/** Reads under a row lock, in order. */
export function locksOf(effects: readonly Effect[]): Effect[] {
  return effects.filter((one) => one.query?.locked === true && READS.has(one.kind));
}

/** `user = User.objects.create_user(…); user.profile.save()`: nobody else has seen either yet. */
function isOfNewRow(row: Row, models: Models): boolean {
  const { parent } = row;
  if (!parent?.row.model || parent.row.origin !== "new") return false;
  return models.reverse(parent.row.model, parent.name)?.single === true;
}

/** Protection of `write` where it depends on values of `row`. */
export function protectionOf(
  effects: readonly Effect[],
  row: Row,
  write: Effect,
  models: Models,
): Protection {
  if (isOfNewRow(row, models)) return { coverage: "parent" };
  if (isHeldToCommit(write)) return { coverage: isReadBefore(row, write) ? "stale" : "named" };
  const locks = locksOf(effects).filter((one) => one.seq < write.seq && compatible(one.steps, write.steps));
  const held = locks.filter((one) => inOneTransaction(one, write));
  const read = lastRead(row, write);
  if (read?.query?.locked && inOneTransaction(read, write)) return { coverage: "locked", lock: read };
  const joined = held.find((one) => locksJoined(one, row) || isJoinedAgain(one, row, read));
  if (joined) return { coverage: "locked", lock: joined };
  const onRow = held.find((one) => locksRow(one, row, write));
  if (onRow) {
    // `refresh_from_db()` under the lock reads what is true now; so does a first look at a lazy relation.
    if (read ? read.seq > onRow.seq : isFirstSeenAfter(row, write, onRow))
      return { coverage: "locked", lock: onRow };
    if (isRechecked(onRow, write)) return { coverage: "rechecked", lock: onRow };
    return { coverage: "stale", lock: onRow };
  }
  const parent = held.find((one) => isParentLock(one, row, models));
  if (parent) return { coverage: "parent", lock: parent };
  if (held[0]) return { coverage: "wrong-row", lock: held.at(-1)! };
  const gone = locks.findLast((one) => locksRow(one, row, write) || one === read);
  if (gone) return { coverage: gone.txns.length === 0 ? "outside" : "released", lock: gone };
  return { coverage: withoutRowLock(write) };
}

/** A mutex that keeps others waiting until what is written can be seen. */
function isHeldToCommit({ locks }: Effect): boolean {
  return locks.some((one) => !one.endsUncommitted && !one.ofProcess);
}

function withoutRowLock({ locks, txns }: Effect): Coverage {
  if (locks.some((one) => !one.ofProcess)) return "uncommitted";
  return txns.length > 0 ? "atomic" : "none";
}

/** Read before the mutex was held, and nothing that was read under it decides: the second waits, and does it all the same. */
function isReadBefore(row: Row, write: Effect): boolean {
  const isUnder = (read: Effect | undefined) => read?.locks.some((one) => write.locks.includes(one)) === true;
  const read = lastRead(row, write);
  if (!read || read.query?.locked || isUnder(read)) return false;
  // `with row.lock() as fresh`: what takes the lock has read it.
  if (
    read.trail.some((call) =>
      write.locks.some(({ site }) => site.fn === call.fn && site.start === call.start),
    )
  )
    return false;
  return !write.guards.some(({ deps }) =>
    deps.some((atom) => isUnder(atom.kind === "query" ? atom.effect : lastRead(atom.row, write))),
  );
}

/** A lock and a write of which neither shows its transaction: they are in the caller's, or the lock is reported for itself. */
function inOneTransaction(lock: Effect, write: Effect): boolean {
  return sameTransaction(lock.txns, write.txns) || (lock.txns.length === 0 && write.txns.length === 0);
}

/**
 * `user.purse`, which is read when it is first asked for: nothing of it was looked at before the lock. The same of a row
 * that was put away somewhere, perhaps when it was locked.
 */
function isFirstSeenAfter(row: Row, write: Effect, { seq }: Effect): boolean {
  if ((row.origin !== "related" || !row.parent) && !isOutOfSight(row)) return false;
  const written = [...(write.fields?.values() ?? [])].map((one) => one.deps);
  const seen = [write.deps, ...written, ...write.guards.map((one) => one.deps)].flat().flatMap((atom) => {
    return atom.kind === "field" && atom.row.key === row.key ? [atom.seq] : [];
  });
  return seen.length > 0 && seen.every((one) => one > seq);
}

/** The read whose values are in the object when `write` runs. */
function lastRead(row: Row, write: Effect): Effect | undefined {
  const refreshed = row.refreshes.filter((one) => one.seq < write.seq && compatible(one.steps, write.steps));
  return refreshed.at(-1) ?? row.fetch;
}

function locksRow(lock: Effect, row: Row, write: Effect): boolean {
  // Put away and taken out again in a way that is not followed: of its table, which is the one that is locked.
  const model = row.model ?? (isOutOfSight(row) && write.row === row ? write.model : undefined);
  if (lock.row) {
    if (lock.row.key === row.key) return true;
    // `list(Stock.objects.select_for_update().filter(…))`: which rows, the source does not say; of this table.
    const isOne = lock.kind === "fetch" && !lock.query?.opaque && lock.query?.filters.length !== 0;
    return !isOne && sameModel(lock.model, model);
  }
  return sameModel(lock.model, model);
}

/** Where it comes from does not show: `groups[order.pk][0]`. */
function isOutOfSight({ origin, fetch, model }: Row): boolean {
  return (origin === "element" || origin === "call") && !fetch && !model;
}

/**
 * `Ticket.objects.select_for_update().select_related("wallet").get(pk=pk)`: `ticket.wallet` is read and locked by the
 * same statement. (One that was reached from another object is what it was before.)
 */
function locksJoined({ row: locked, query }: Effect, row: Row): boolean {
  if (!locked || !query?.joined) return false;
  const path: string[] = [];
  // `Wallet.objects.get(pk=ticket.wallet_id)`, under the lock: the same row, read once more.
  let at: Row | undefined = row.alias ?? row;
  while (at?.parent && at !== locked) {
    path.unshift(at.parent.name);
    at = at.parent.row;
  }
  if (at !== locked || path.length === 0) return false;
  return isLockedWith(query, path.join("__"));
}

/** `Wallet.objects.get(pk=ticket.wallet_id)` after that: the row that is locked with its ticket, read once more. */
function isJoinedAgain({ row: locked, query, seq }: Effect, row: Row, read: Effect | undefined): boolean {
  if (!locked || !query?.joined || !read || read.seq < seq || !row.key.startsWith(`${locked.key}.`))
    return false;
  return isLockedWith(query, row.key.slice(locked.key.length + 1).replaceAll(".", "__"));
}

/** (A relation that may be empty cannot be joined under a lock, unless `of` leaves it out.) */
function isLockedWith({ joined = [], lockedOf }: Query, name: string): boolean {
  const isJoined = joined.some((one) => one === name || one.startsWith(`${name}__`));
  return isJoined && (lockedOf?.includes(name) ?? true);
}

function isRechecked(lock: Effect, write: Effect): boolean {
  const isOfLocked = (atom: Atom) =>
    atom.kind === "field" ? atom.row === lock.row : atom.effect === lock && lock.row !== undefined;
  const isOfItself = write.guards.some(
    (guard) => guard.seq > lock.seq && guard.deps.some((atom) => atom.kind === "field" && isOfLocked(atom)),
  );
  return isOfItself || isAnsweredUnder(lock, write);
}

/**
 * `line, created = Line.objects.get_or_create(order=locked)`, then `if created: order.line = line`: whether it is written,
 * and what, says a question that was asked under the lock, and nothing that was read before it.
 */
function isAnsweredUnder(lock: Effect, write: Effect): boolean {
  const given = [...(write.fields?.values() ?? [])].filter((one) => !one.constant);
  const isUnder = ({ seq, query }: Effect) =>
    seq > lock.seq && lock.row !== undefined && hangsOn(query, lock.row.key);
  const answersAll = (asked: Effect) =>
    given.every(({ deps }) => deps.some((one) => one.kind === "query" && one.effect === asked));
  return (
    given.length > 0 &&
    write.guards.some(({ deps }) =>
      deps.some((atom) => atom.kind === "query" && isUnder(atom.effect) && answersAll(atom.effect)),
    )
  );
}

/** Does everybody who writes `row` pass through the locked row? */
function isParentLock(lock: Effect, row: Row, models: Models): boolean {
  const locked = lock.row?.key ?? lock.key;
  if (locked === undefined) return false;
  // `line` written, `line.order` locked.
  if (locked.startsWith(`${row.key}.`)) return true;
  if (hangsOn(row.fetch?.query, locked)) return true;
  // Reached from the locked row: over a one-to-one relation there is no other way; over a foreign key there is
  // (two tokens of one user), so the locked row does not stand for this one.
  for (let at: Row | undefined = row; at?.parent; at = at.parent.row) {
    const { row: from, name } = at.parent;
    if (from.key !== locked) continue;
    if (!from.model) return false;
    const field = models.fields(from.model).get(name);
    if (field) return field.type === "OneToOneField";
    return models.reverse(from.model, name) !== undefined;
  }
  return false;
}

/** Protection of a write that depends on a query (is there one? how many?): any lock taken before the query. */
export function queryProtection(effects: readonly Effect[], read: Effect, write: Effect): Protection {
  const around = read.locks.filter((one) => write.locks.includes(one) && !one.ofProcess);
  const isNarrow = around.length > 0 && around.every((one) => isNarrower(one, read));
  if (isHeldToCommit(write) && around.length > 0 && !isNarrow) return { coverage: "named" };
  const held = locksOf(effects).filter(
    (one) => one.seq <= read.seq && compatible(one.steps, write.steps) && inOneTransaction(one, write),
  );
  // A locked read that finds nothing locks nothing; one that was before it and found its row, does.
  const other = held.find((one) => one !== read);
  if (other) return { coverage: "parent", lock: other };
  if (isNarrow) return { coverage: "narrow" };
  if (isHeldToCommit(write)) return { coverage: isAskedBefore(read, write) ? "stale" : "named" };
  return { coverage: withoutRowLock(write) };
}

/** Asked, and only then locked by a statement, under which nothing is asked again: who waits for it has the old answer. */
function isAskedBefore(read: Effect, { locks, guards }: Effect): boolean {
  return (
    read.locks.length === 0 &&
    locks.every((one) => one.byStatement) &&
    !guards.some((guard) => guard.locks.some((one) => locks.includes(one)))
  );
}
