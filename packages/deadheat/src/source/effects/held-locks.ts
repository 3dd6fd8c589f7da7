import type { Span } from "../parse/syntax.ts";
import type { Given } from "./calls.ts";
import type { Run } from "./run.ts";

/** Statements that lock more than rows, as PostgreSQL and MySQL write them. */
const SQL_LOCK = /\bpg_(try_)?advisory_(xact_)?lock\b|\bget_lock\s*\(|\block\s+tables?\b/i;

/** Does the call take a lock that is no row's? It is then held until the transaction, or the function, ends. */
export function noteHeldLock(run: Run, text: string, given: Given, span: Span): void {
  if (!isLock(run, text, given)) return;
  run.held = [...run.held, { id: run.program.fresh(), name: text, site: run.site(span) }];
}

function isLock(run: Run, text: string, given: Given): boolean {
  const name = text.split(".").at(-1) as string;
  switch (name) {
    case "execute": {
      const sql = given.expressions[0]?.value;
      return sql?.kind === "string" && SQL_LOCK.test(sql.value);
    }
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
