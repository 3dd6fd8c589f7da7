import type { Expression, Span } from "../parse/syntax.ts";
import type { Given } from "./calls.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";

/** Statements that lock more than rows, as PostgreSQL and MySQL write them. */
const SQL_LOCK = /\bpg_(try_)?advisory_(xact_)?lock\b|\bget_lock\s*\(|\block\s+tables?\b/i;
const SHARED_LOCK = /\bpg_(try_)?advisory_(xact_)?lock_shared\b/i;

/** Does the call take a lock that is no row's? It is then held until the transaction, or the function, ends. */
export function noteHeldLock(run: Run, text: string, given: Given, span: Span): void {
  const lock = () => ({ id: run.program.fresh(), name: text, site: run.site(span) });
  const sql = text.endsWith(".execute") || text === "execute" ? sqlOf(run, given) : [];
  if (sql.some((one) => SHARED_LOCK.test(one))) run.shared = [...run.shared, lock()];
  if (sql.some((one) => SQL_LOCK.test(one)) || isLock(run, text, given)) run.held = [...run.held, lock()];
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
