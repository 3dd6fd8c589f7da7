import { identityDeps } from "../effects/dependencies.ts";
import { compatible, type Effect, sameTransaction } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import type { Row, Value } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import type { RequestTrace } from "./trace.ts";

const WRITES = new Set<Effect["kind"]>(["save", "update", "create", "get-or-create", "delete"]);

/** What the handler writes while the client waits, in order. */
export function writesOf({ effects, handlerFrom }: RequestTrace): Effect[] {
  return effects.filter((one) => WRITES.has(one.kind) && one.seq > handlerFrom && !one.deferred);
}

/** A read by what the request carries in a header: a token that is looked up. */
export function isLookUp({ query }: Effect): boolean {
  return query?.deps.some(isCredential) === true;
}

/** A value from the Authorization header. */
export function isCredential(atom: Effect["deps"][number]): boolean {
  return atom.kind === "field" && /\.(headers|META)\b/.test(`${atom.row.key}.${atom.name}`);
}

/** Reads by which the credential was checked: the authenticator's, and those of the handler itself. */
export function checksOf({ effects, authentication }: RequestTrace): Effect[] {
  const own = effects.filter((one) => isLookUp(one) && !authentication?.reads.includes(one));
  return [...(authentication?.reads ?? []), ...own];
}

/** The caller, or a row that is found through the caller: `request.user.profile`, `get(team=id, user=request.user)`. */
export function isOfCaller(row: Row, checks: readonly Effect[]): boolean {
  for (let at: Row | undefined = row; at; at = at.parent?.row) {
    if (at.origin === "principal" || /^request\.(user|auth)\b/.test(at.key)) return true;
    const { fetch } = at;
    if (fetch && checks.includes(fetch)) return true;
    if (fetch?.query?.filters.some((one) => !one.exclude && namesCaller(one.value, checks))) return true;
  }
  return false;
}

function namesCaller(value: Value, checks: readonly Effect[]): boolean {
  if (value.kind === "row" && (value.origin === "principal" || /^request\.(user|auth)\b/.test(value.key)))
    return true;
  const rows = [...value.deps, ...identityDeps(value)];
  return (
    rows.some((atom) => atom.kind === "query" && checks.includes(atom.effect)) ||
    (value.kind === "row" && value.parent !== undefined && isOfCaller(value.parent.row, checks))
  );
}

/** A query that only the caller's own rows answer. */
export function asksForCaller({ query }: Effect, checks: readonly Effect[]): boolean {
  return query?.filters.some((one) => !one.exclude && namesCaller(one.value, checks)) === true;
}

/**
 * Is the credential kept from being revoked when `write` runs: its row, or its user's, locked in the same transaction
 * (or a lock that is no row's, which the revocation may take as well)?
 */
export function holdsCredential(trace: RequestTrace, write: Effect): boolean {
  if (write.locks.length > 0 || write.shared !== undefined) return true;
  const { models } = trace.program;
  const checks = checksOf(trace);
  const tables = checks.flatMap((one) => one.model ?? []);
  const library = trace.authentication?.library?.table;
  return locksOf(trace.effects).some((lock) => {
    if (lock.seq > write.seq || !compatible(lock.steps, write.steps)) return false;
    if (!sameTransaction(lock.txns, write.txns)) return false;
    if (isLookUp(lock) || lock.query?.deps.some(isOfCredentialRow)) return true;
    const { model } = lock;
    return (
      sameModel(model, models.user()) ||
      model?.name === library ||
      tables.some((table) => sameModel(table, model)) ||
      /^request\.(auth|user)$/.test(lock.row?.key ?? "")
    );
  });
}

export function isOfCredentialRow(atom: Effect["deps"][number]): boolean {
  return atom.kind === "field" && /^request\.auth\b/.test(atom.row.key);
}
