import type { OperationRef } from "../../findings/finding.ts";
import type { TransactionReport, TransactionStatement } from "../../findings/transactions.ts";
import type { SqlStatement } from "../../plan/interleaving.ts";

const VERBS = { read: "reads", lock: "locks", write: "writes" } as const;

/** Tables that a request writes; of one that ends a token, where tokens are kept. */
export function tablesWritten(statements: readonly SqlStatement[]): Set<string> {
  return new Set(
    statements.flatMap(({ tables }) => tables.filter((one) => one.use === "write").map((one) => one.name)),
  );
}

/**
 * What a request does in which transaction. `tokenTables` are those that a revocation was seen to write: a statement
 * that reads one of them is the token check. Where none is known, neither is whether check and write belong together.
 */
export function transactionReport(
  operation: OperationRef,
  captured: readonly SqlStatement[],
  tokenTables: ReadonlySet<string>,
): TransactionReport {
  const work = captured.filter((one) => one.kind !== "setting");
  const statements = work.map((one, index) => noted(one, index, work, tokenTables));
  const { atomic, remarks } = judged(work, statements);
  return { operation, statements, atomic, remarks };
}

function noted(
  statement: SqlStatement,
  index: number,
  all: readonly SqlStatement[],
  tokenTables: ReadonlySet<string>,
): TransactionStatement {
  const { text, transaction, tables, locks, testsAndWrites } = statement;
  const written = tables.filter((one) => one.use === "write").map((one) => one.name);
  const fedBy = all.flatMap((one, at) =>
    at < index && one.tables.some(({ name, use }) => use !== "write" && written.includes(name))
      ? [at + 1]
      : [],
  );
  const checks = tables.some(({ name, use }) => use !== "write" && tokenTables.has(name));
  return {
    text,
    ...(transaction === undefined ? {} : { transaction }),
    touches: tables.map(({ name, use }) => `${VERBS[use]} ${name}`),
    ...(locks === undefined ? {} : { locks }),
    fedBy,
    ...(checks ? { checksToken: true as const } : {}),
    ...(testsAndWrites ? { alone: true as const } : {}),
  };
}

function judged(
  work: readonly SqlStatement[],
  statements: readonly TransactionStatement[],
): Pick<TransactionReport, "atomic" | "remarks"> {
  const remarks: string[] = [];
  const at = (which: (one: SqlStatement, index: number) => boolean) =>
    work.flatMap((one, index) => (which(one, index) ? [index] : []));
  const writes = at((one) => one.kind === "write");
  const checks = at((_one, index) => statements[index]?.checksToken === true);
  for (const index of writes) {
    const { transaction, fedBy = [] } = statements[index] ?? {};
    for (const read of fedBy) remarks.push(...fed(work, read - 1, index, transaction));
    if (statements[index]?.alone) remarks.push(`${index + 1} tests and writes in one statement`);
  }
  if (writes.length === 0 || checks.length === 0) return { atomic: "not known", remarks };
  const together = writes.every((write) =>
    checks.some((check) => check < write && sameTransaction(work, check, write)),
  );
  if (!together) remarks.unshift("the token is checked outside the transaction of the write");
  else if (!writes.every((write) => checks.some((check) => isGuarded(work, check, write))))
    remarks.unshift(
      "nothing is locked before the token check: a revocation may commit between it and the write",
    );
  return { atomic: together ? "yes" : "no", remarks };
}

function sameTransaction(work: readonly SqlStatement[], a: number, b: number): boolean {
  const transaction = work[a]?.transaction;
  return transaction !== undefined && transaction === work[b]?.transaction;
}

/** The check takes a lock itself, or one was taken before it in its transaction. */
function isGuarded(work: readonly SqlStatement[], check: number, write: number): boolean {
  if (check > write || !sameTransaction(work, check, write)) return false;
  return work.some(
    (one, index) => index <= check && one.locks !== undefined && sameTransaction(work, index, check),
  );
}

/** A read that feeds a write: kept apart from it, or not locked. */
function fed(
  work: readonly SqlStatement[],
  read: number,
  write: number,
  transaction: number | undefined,
): string[] {
  const pair = `${read + 1} may feed ${write + 1}`;
  if (transaction === undefined || !sameTransaction(work, read, write))
    return [`${pair}, in another transaction`];
  return work[read]?.locks === undefined ? [`${pair}, which is not locked by it`] : [];
}
