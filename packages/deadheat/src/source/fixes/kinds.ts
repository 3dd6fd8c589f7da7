import { afterCommit } from "./after-commit.ts";
import { claimByUpdate } from "./claim-by-update.ts";
import { countInDatabase } from "./count-in-database.ts";
import { evaluateLock } from "./evaluate-lock.ts";
import type { SourceFix } from "./fix.ts";
import { freshRow } from "./fresh-row.ts";
import { getOrCreate } from "./get-or-create.ts";
import { getOrCreateBranches } from "./get-or-create-branches.ts";
import { handleConflict } from "./handle-conflict.ts";
import { keepLock } from "./keep-lock.ts";
import { lockInOrder } from "./lock-order.ts";
import { lockParent } from "./lock-parent.ts";
import { lockRow } from "./lock-row.ts";
import { lockToken } from "./lock-token.ts";
import { nameColumns } from "./name-columns.ts";
import { oneTransaction } from "./one-transaction.ts";
import { retrySearch } from "./retry-search.ts";
import { spendOnce } from "./spend-once.ts";
import { uniqueConstraint } from "./unique-constraint.ts";

/** All fixes. For one finding they are tried in this order: what needs no lock comes before what does. */
export const fixes: readonly SourceFix[] = [
  countInDatabase,
  claimByUpdate,
  nameColumns,
  afterCommit,
  spendOnce,
  getOrCreateBranches,
  retrySearch,
  getOrCreate,
  handleConflict,
  uniqueConstraint,
  evaluateLock,
  freshRow,
  keepLock,
  lockToken,
  lockInOrder,
  lockRow,
  lockParent,
  oneTransaction,
];
