import { GuardError } from "./errors.ts";
import { type Limit, limited } from "./limit.ts";
import {
  type Locks,
  type Statement,
  sessionLocks,
  transactionLimits,
  transactionLocks,
  UNLOCK_ALL,
} from "./locks.ts";
import { type Connection, type Pool, type Queryable, single, sqlState } from "./postgres.ts";
import { CHANCE, type Chance, retrying } from "./retry.ts";
import { openScope, prepared, type Transaction } from "./scope.ts";

export type Isolation = "read committed" | "repeatable read" | "serializable";

export interface TransactionOptions {
  /** Default: `read committed`. */
  readonly isolation?: Isolation;
  /** How often the transaction is run at most, should it collide with others. Default: 5. */
  readonly attempts?: number;
  /**
   * Milliseconds for all of it, from the wait for a connection on; after that nothing of it takes effect. Default:
   * 10,000.
   */
  readonly deadlineMs?: number;
  /** Whoever asks may lose interest: nothing of it takes effect then, unless COMMIT is on its way. */
  readonly signal?: AbortSignal | undefined;
  readonly locks?: Locks;
  /**
   * What is read under the locks before anything else is done: a statement after the one that takes them, sent along
   * with it where the driver pipelines, and prepared where it does that.
   */
  readonly look?: (prepared: Queryable) => Promise<void>;
  /** What to do where the locks are those of a token that does not exist. Default: go on without. */
  readonly unknown?: () => Error;
  readonly onHookError?: (error: unknown) => void;
  readonly chance?: Chance;
}

const ATTEMPTS = 5;
const DEADLINE_MS = 10_000;
/** An answer to COMMIT that has not come by then is not waited for. */
const COMMIT_MS = 10_000;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Runs `work` in a transaction, again where it collides with others, and then the hooks that it has left. The second
 * argument is a moment, by the clock of `chance`, after which the locks were there and `look` was done.
 *
 * @throws GuardError `contention`, `deadline-exceeded`, `transaction-aborted` or `commit-unknown`; the reason of
 *   `signal`; whatever `work` throws, with everything undone
 * @example
 * await transaction(pool, {}, ({ tx }) => tx.query("SELECT 1")); // a result
 */
export async function transaction<T, Db = Queryable>(
  pool: Pool<Db>,
  options: TransactionOptions,
  work: (transaction: Transaction<Db>, since: number) => Promise<T>,
): Promise<T> {
  const { attempts = ATTEMPTS, deadlineMs = DEADLINE_MS, signal, chance = CHANCE } = options;
  const limit = limited({ deadlineMs, signal }, chance);
  const patient: Chance = { ...chance, sleep: (ms) => limit.race(chance.sleep(ms)) };
  let hooks: readonly (() => unknown)[] = [];
  try {
    const value = await retrying(attempts, patient, async () => {
      const done = await attempt(pool, options, limit, work);
      hooks = done.hooks;
      return done.value;
    });
    for (const hook of hooks) await run(hook, options.onHookError ?? warn);
    return value;
  } finally {
    limit.end();
  }
}

async function run(hook: () => unknown, failed: (error: unknown) => void): Promise<void> {
  try {
    await hook();
  } catch (error) {
    failed(error);
  }
}

/** The name only: the message may hold anything. */
function warn(error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  process.emitWarning(`a hook failed after its transaction had committed: ${name}`, "DeadheatGuardWarning");
}

async function attempt<T, Db>(
  pool: Pool<Db>,
  options: TransactionOptions,
  limit: Limit,
  work: (transaction: Transaction<Db>, since: number) => Promise<T>,
) {
  const connection = await limit.race(pool.connect(), (late) => late.release());
  const { isolation = "read committed", locks, look, chance = CHANCE } = options;
  const scope = openScope(connection, limit);
  let handler: Promise<T> | undefined;
  let broken = false;
  let pid: number | undefined;
  /** A statement may be running still when it is given up: then the connection goes with it. */
  const step = async <V>(promise: Promise<V>): Promise<V> => {
    try {
      return await limit.race(promise);
    } catch (error) {
      if (limit.isReached) broken = true;
      throw error;
    }
  };
  const send = ({ text, values }: Statement) => step(prepared(connection).query(text, values));
  const lock = async (statement: Statement) => {
    const { rows } = await send(statement).catch((error) => {
      throw sqlState(error) === LOCK_NOT_AVAILABLE
        ? new GuardError("deadline-exceeded", { cause: error })
        : error;
    });
    pid = rows[0]?.pid;
    if (rows.length === 0 && options.unknown) throw options.unknown();
    return Number(rows[0]?.waited_ms ?? 0);
  };

  async function inside(): Promise<T> {
    try {
      // Sent at once: a driver that pipelines makes one round trip of them. Others are not given three to keep.
      const sent = chance.now();
      const begun = step(connection.query(`BEGIN ISOLATION LEVEL ${isolation}`));
      const first =
        isolation !== "read committed"
          ? send(transactionLimits(limit.remainingMs())).then(() => 0)
          : locks && lock(transactionLocks(locks, limit.remainingMs()));
      const along = connection.pipelines && look ? step(look(scope.prepared)) : undefined;
      const [, waitedMs = 0] = await Promise.all([begun, first, along]);
      const since = along ? sent + waitedMs : chance.now();
      if (look && !along) await step(look(scope.prepared));
      handler = work(scope.transaction, since);
      const value = await step(handler);
      scope.close();
      limit.throwIfReached();
      await commit(connection, chance);
      return value;
    } catch (error) {
      scope.close();
      broken ||= (error as GuardError).code === "commit-unknown";
      if (!broken)
        await connection.query("ROLLBACK").catch(() => {
          broken = true;
        });
      throw error;
    }
  }

  /**
   * Above READ COMMITTED the first statement of a transaction fixes what all of it sees. Were that the
   * lock, then a request that had waited for a revocation would still see the token as it was before:
   *
   *     request: SELECT lock_shared …          (snapshot taken, waits)
   *     logout:  UPDATE … revoked_at; COMMIT   (lock released)
   *     request: SELECT … revoked_at IS NULL   (old snapshot: still valid)
   *
   * So the locks belong to the session, are taken before BEGIN and given back after COMMIT.
   */
  async function around(wanted: Locks): Promise<T> {
    try {
      await lock(sessionLocks(wanted, limit.remainingMs()));
      return await inside();
    } finally {
      // A session lock that could not be given back would block the token's revocation for ever. It is not raced:
      // should it hang, so does the connection, and PostgreSQL knows what that held.
      if (!broken)
        await connection.query(UNLOCK_ALL).catch(() => {
          broken = true;
        });
    }
  }

  try {
    const value = await (locks && isolation !== "read committed" ? around(locks) : inside());
    return { value, hooks: scope.hooks };
  } finally {
    const release = () => connection.release(broken);
    if (broken && connection.outlives) Promise.resolve(handler).then(release, release);
    else release();
    if (broken && !connection.outlives && pid !== undefined && limit.isReached) stop(pool, pid);
  }
}

/**
 * PostgreSQL notices that a client is gone when it has something to say to it: until then a statement that was given
 * up keeps its locks, or waits for one in others' way. This cannot be waited for, and where it fails, the limits that
 * were set along with the locks come after it.
 */
function stop(pool: Pool<unknown>, pid: number): void {
  single(pool)
    .query("SELECT pg_terminate_backend($1)", [pid])
    .catch(() => {});
}

async function commit(connection: Connection, chance: Chance): Promise<void> {
  let give = () => {};
  const patience = new Promise<never>((_resolve, reject) => {
    give = chance.after(COMMIT_MS, () => reject(new GuardError("commit-unknown")));
  });
  const committed = connection.query("COMMIT").catch((error) => {
    throw isRefusal(error) ? error : new GuardError("commit-unknown", { cause: error });
  });
  const { command } = await Promise.race([committed, patience]).finally(give);
  // To COMMIT after a failed statement PostgreSQL answers, without an error, ROLLBACK: a handler that
  // caught the error would report a success of which nothing is stored.
  if (command === "ROLLBACK") throw new GuardError("transaction-aborted");
}

/** PostgreSQL said no, as against: it was shut down (class 57) or the connection broke (08), before or after. */
function isRefusal(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !/^(?:08|57)/.test(state);
}
