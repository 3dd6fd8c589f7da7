/**
 * What the guard is put together from: for transactions in which no token is checked, such as a log-in, and
 * for tests that put it together wrongly to see whether the mistake is found.
 */
export { codeHash } from "./codes.ts";
export { CHANCE, type Chance, retrying } from "./retry.ts";
export { LOCK_EXCLUSIVE, LOCK_SHARED } from "./sql.ts";
export { type Isolation, type TokenLock, transaction } from "./transaction.ts";
