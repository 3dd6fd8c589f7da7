import type { Expression, Span } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";
import type { Site } from "./values.ts";

/** Statements that lock more than rows, as PostgreSQL and MySQL write them. */
export const SQL_LOCK = /\bpg_(try_)?advisory_(xact_)?lock\b|\bget_lock\s*\(|\block\s+tables?\b/i;
const SHARED_LOCK = /\bpg_(try_)?advisory_(xact_)?lock_shared\b/i;

/** Does the call take a lock that is no row's? It is then held until the transaction, or the function, ends. */
export function noteHeldLock(run: Run, text: string, given: Given, span: Span): void {
  const lock = () => ({ id: run.program.fresh(), name: text, site: run.site(span) });
  const sql = text.endsWith(".execute") || text === "execute" ? sqlOf(run, given) : [];
  if (sql.some((one) => SHARED_LOCK.test(one))) run.shared = [...run.shared, lock()];
  if (sql.some((one) => SQL_LOCK.test(one))) run.held = [...run.held, { ...lock(), byStatement: true }];
  else if (isLock(run, text, given)) run.held = [...run.held, lock()];
}

/**
 * The transactions that were begun since `txns` end, and with them what was locked since `held`. One inside of another
 * is a savepoint: PostgreSQL keeps its locks until the outer one ends, which may be a caller's.
 */
export function endTransactions(run: Run, txns: Run["txns"], held: Run["held"]): void {
  const kept = lockedSince(run, txns, held);
  run.held = txns.length > 0 ? [...held, ...kept] : held;
  if (txns.length === 0) run.ended = [...run.ended, ...kept];
}

/** What a caller that is in a transaction holds after the call, beside what everybody does. */
export function endedAfter(run: Run): Run["ended"] {
  return run.txns.length > 0 ? [...run.ended, ...lockedSince(run, [], [])] : run.ended;
}

function lockedSince(run: Run, txns: Run["txns"], held: Run["held"]): Run["held"] {
  if (!run.txns.slice(txns.length).every(({ site }) => isSavepoint(site))) return [];
  return run.held.filter((one) => one.byStatement && !held.includes(one));
}

/** (`atomic(using="archive")` is a transaction of another connection, and no savepoint of the caller's.) */
function isSavepoint({ fn, start, end }: Site): boolean {
  const text = fn.module.source.text.slice(start, end);
  return /\batomic\b(?!\s*\(\s*(?!\)|savepoint\b|durable\b))/.test(text) && !/\busing\b/.test(text);
}

/** The statement, and what is put into it: `f"SELECT {function}(%s)"`, `"LOCK TABLE %s" % table`. */
function sqlOf(run: Run, given: Given): string[] {
  const sql = given.expressions[0] && templateOf(given.expressions[0].value);
  if (sql?.kind !== "string") return [];
  const inserted = sql.parts.flatMap((part) => {
    const value = evaluate(run, part);
    return value.kind === "scalar" && typeof value.literal === "string" ? [value.literal] : [];
  });
  return [sql.value, ...inserted];
}

function templateOf(sql: Expression): Expression {
  if (sql.kind === "binary") return sql.left;
  const isFormat = sql.kind === "call" && sql.callee.kind === "attribute" && sql.callee.name === "format";
  return isFormat ? (sql.callee as Expression & { readonly kind: "attribute" }).object : sql;
}

function isLock(run: Run, text: string, given: Given): boolean {
  const name = text.slice(text.lastIndexOf(".") + 1);
  switch (name) {
    case "acquire":
    case "setnx":
      return true;
    // Succeeds for one caller only; without a delete it is no lock, but says when something was done last.
    case "add":
      return /(^|[._])cache\.add$/.test(text) && /\bcache\.delete\(/.test(run.fn.text());
    case "set": {
      const nx = given.named.get("nx");
      return nx?.kind === "scalar" && nx.literal === true;
    }
    default:
      return false;
  }
}
