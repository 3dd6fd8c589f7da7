/**
 * What the guard is put together from: for tests that put it together wrongly to see whether the mistake is found.
 */
export { codeHash } from "./codes.ts";
export { type Locks, subjectKey, tokenOnly, transactionLocks } from "./locks.ts";
export { retrying } from "./retry.ts";
export type { Transaction } from "./scope.ts";
export { type Isolation, type TransactionOptions, transaction } from "./transaction.ts";
