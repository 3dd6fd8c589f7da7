import { GuardError } from "./errors.ts";
import type { Connection, Pool, Queryable } from "./postgres.ts";
import { LOCK_EXCLUSIVE, LOCK_SHARED, SESSION_LOCK_SHARED, SESSION_UNLOCK_SHARED } from "./sql.ts";

export type Isolation = "read committed" | "repeatable read" | "serializable";

export interface TokenLock {
  readonly key: string;
  readonly mode: "shared" | "exclusive";
}

/** One transaction under the token's advisory lock, if any, which is held until it has committed. */
export async function transaction<T>(
  pool: Pool,
  isolation: Isolation,
  lock: TokenLock | undefined,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect();
  let broken = false;
  try {
    if (lock === undefined) return await commit(connection, isolation, () => work(connection));
    return await (isolation === "read committed"
      ? lockedInside(connection, lock, work)
      : lockedAround(connection, isolation, lock, work));
  } catch (error) {
    broken = error instanceof BrokenConnection;
    throw error instanceof BrokenConnection ? error.cause : error;
  } finally {
    connection.release(broken);
  }
}

function lockedInside<T>(
  connection: Connection,
  lock: TokenLock,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  return commit(connection, "read committed", async () => {
    await connection.query(lock.mode === "shared" ? LOCK_SHARED : LOCK_EXCLUSIVE, [lock.key]);
    return work(connection);
  });
}

/**
 * Above READ COMMITTED the first statement of a transaction fixes what all of it sees. Were that the
 * lock, then a request that had waited for a revocation would still see the token as it was before:
 *
 *     request: SELECT lock_shared …          (snapshot taken, waits)
 *     logout:  UPDATE … revoked_at; COMMIT   (lock released)
 *     request: SELECT … revoked_at IS NULL   (old snapshot: still valid)
 *
 * So the lock belongs to the session, is taken before BEGIN and given back after COMMIT.
 */
async function lockedAround<T>(
  connection: Connection,
  isolation: Isolation,
  lock: TokenLock,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  await connection.query(SESSION_LOCK_SHARED, [lock.key]);
  let failure: unknown;
  try {
    return await commit(connection, isolation, () => work(connection));
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await unlock(connection, lock, failure);
  }
}

async function commit<T>(connection: Connection, isolation: Isolation, work: () => Promise<T>): Promise<T> {
  await connection.query(`BEGIN ISOLATION LEVEL ${isolation}`);
  let value: T;
  try {
    value = await work();
    const { command } = await connection.query("COMMIT");
    // To COMMIT after a failed statement PostgreSQL answers, without an error, ROLLBACK: a handler that
    // caught the error would report a success of which nothing is stored.
    if (command === "ROLLBACK") throw new GuardError("transaction-aborted");
  } catch (error) {
    await connection.query("ROLLBACK").catch(() => {
      throw new BrokenConnection(error);
    });
    throw error;
  }
  return value;
}

/** A session lock that could not be given back would block the token's revocation for ever. */
async function unlock(connection: Connection, lock: TokenLock, failure: unknown): Promise<void> {
  if (failure instanceof BrokenConnection) return;
  await connection.query(SESSION_UNLOCK_SHARED, [lock.key]).catch((error: unknown) => {
    throw new BrokenConnection(failure ?? error);
  });
}

/** Marks a connection that must not go back into the pool; what was thrown is its cause. */
class BrokenConnection extends Error {
  constructor(cause: unknown) {
    super("the connection is in an unknown state", { cause });
  }
}
