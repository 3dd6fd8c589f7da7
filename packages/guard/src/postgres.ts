/** The part of node-postgres that the guard uses, by structure: anything of this shape will do. */
export interface Queryable {
  // biome-ignore lint/suspicious/noExplicitAny: rows are whatever the statement says
  query<Row = any>(text: string, values?: unknown[]): Promise<Result<Row>>;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export interface Result<Row = any> {
  readonly rows: Row[];
  readonly rowCount: number | null;
  /** The command tag: `COMMIT`, `ROLLBACK`, `UPDATE`. */
  readonly command: string;
}

/** One connection, for one transaction at a time. `Db` is what the driver itself calls it. */
export interface Connection<Db = unknown> extends Queryable {
  /** As `query`, for the guard's own statements, which come again and again with the same text: they may be prepared. */
  readonly prepared?: Queryable["query"];
  /** Statements that are sent at once do not wait for each other's answers. */
  readonly pipelines?: boolean;
  /** With true, the connection is closed and not used again. */
  release(destroy?: boolean): void;
  /**
   * True where `release(true)` closes nothing. It is called when the handler is done, then: what that still sends
   * belongs into the transaction that is undone, not after it.
   */
  readonly outlives?: boolean;
  /** What handlers get as `db`. Default: the same as `tx`. */
  readonly db?: Db;
}

export interface Pool<Db = Queryable> {
  connect(): Promise<Connection<Db>>;
}

/** One statement on a connection of its own. */
export function single(pool: Pool<unknown>): Queryable {
  return {
    async query(text, values) {
      const connection = await pool.connect();
      try {
        return await connection.query(text, values);
      } finally {
        connection.release();
      }
    },
  };
}

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";

/** True for the two errors after which PostgreSQL asks the client to run the transaction again. */
export function retryable(error: unknown): boolean {
  const code = sqlState(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** PostgreSQL's error code, where it was PostgreSQL that said no: five characters, which no system error has. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : undefined;
}
