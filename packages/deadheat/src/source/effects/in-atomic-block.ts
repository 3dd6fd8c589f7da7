import type { Expression } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { beginTransaction } from "./contexts.ts";
import type { Run } from "./run.ts";

const ASKS = /(^|\.)in_atomic_block$/;

/** `if connection.in_atomic_block:` (arm 0), `if not get_connection(using).in_atomic_block:` (arm 1): which arm is in one. */
export function armInTransaction(test: Expression): 0 | 1 | undefined {
  if (test.kind === "not") return armInTransaction(test.operand) === 0 ? 1 : undefined;
  return test.kind === "attribute" && ASKS.test(textOf(test)) ? 0 : undefined;
}

/** `body`, in a transaction that some caller has begun. */
export function inTransactionOfCaller<T>(run: Run, test: Expression, body: () => T): T {
  const before = run.txns;
  beginTransaction(run, test, true);
  try {
    return body();
  } finally {
    run.txns = before;
  }
}
