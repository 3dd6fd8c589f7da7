import { GuardError } from "./errors.ts";
import type { Limit } from "./limit.ts";
import type { Connection, Queryable } from "./postgres.ts";

/** What a handler is given of the transaction that it runs in. */
export interface Transaction<Db = Queryable> {
  /** What is done through it takes effect when the transaction commits, or not at all. */
  readonly tx: Queryable;
  /** The same connection as the driver's own object: postgres.js's `sql`, a Kysely. Not for use after the handler. */
  readonly db: Db;
  /** Aborted when the deadline has passed or the caller has lost interest: for whatever else the handler waits for. */
  readonly signal: AbortSignal;
  /**
   * Runs `work` behind a savepoint: where it throws, what it did is undone, the error is passed on, and the handler
   * may go on. One at a time; inside of one another they may be.
   *
   * @throws TypeError where another one was begun meanwhile and is not done yet
   */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Calls `hook` once the transaction has committed, and never where it has not: for mail, messages and caches. A run
   * that is repeated after a collision forgets the hooks of those before. What a hook throws goes to `onHookError`.
   */
  afterCommit(hook: () => unknown): void;
}

export interface Scope<Db> {
  readonly transaction: Transaction<Db>;
  /** `tx`, for statements of the guard's own. */
  readonly prepared: Queryable;
  readonly hooks: readonly (() => unknown)[];
  /** From here on everything is refused. */
  close(): void;
}

/** What would end the transaction behind its back, and give the locks away in the middle of the handler. */
const CONTROL =
  /^\s*(?:begin|start\s+transaction|commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|prepare\s+transaction)\b/i;

export function openScope<Db>(connection: Connection<Db>, limit: Pick<Limit, "signal">): Scope<Db> {
  let over = false;
  const savepoints: number[] = [];
  let made = 0;
  const hooks: (() => unknown)[] = [];
  const through = ({ query }: Queryable): Queryable => ({
    async query(text, values) {
      if (over) throw new GuardError("transaction-over");
      if (CONTROL.test(text))
        throw new TypeError("the guard begins and ends the transaction; inside, use savepoint()");
      return query(text, values);
    },
  });
  const tx = through({ query: (text, values) => connection.query(text, values) });

  async function savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = ++made;
    savepoints.push(name);
    const isInnermost = () => savepoints.at(-1) === name;
    await tx.query(`SAVEPOINT guard_${name}`);
    try {
      const value = await work();
      if (!isInnermost()) throw new TypeError("savepoints overlap: await one before the next is begun");
      await tx.query(`RELEASE SAVEPOINT guard_${name}`);
      return value;
    } catch (error) {
      // Where that fails, COMMIT will not do anything either, and says so.
      await tx.query(`ROLLBACK TO SAVEPOINT guard_${name}`).catch(() => {});
      throw error;
    } finally {
      savepoints.splice(savepoints.indexOf(name));
    }
  }

  return {
    transaction: {
      tx,
      // Without an object of the driver's own, `Db` is Queryable.
      db: (connection.db ?? tx) as Db,
      get signal() {
        return limit.signal;
      },
      savepoint,
      afterCommit: (hook) => void hooks.push(hook),
    },
    prepared: through(prepared(connection)),
    hooks,
    close() {
      over = true;
    },
  };
}

/** The connection, for statements that come again and again with the same text. */
export function prepared(connection: Connection): Queryable {
  return {
    query: (text, values) =>
      connection.prepared ? connection.prepared(text, values) : connection.query(text, values),
  };
}
