/** The part of node-postgres that the guard uses, by structure: any pool of this shape will do. */
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

export interface Connection extends Queryable {
  /** With true, the connection is closed and not used again. */
  release(destroy?: boolean): void;
}

export interface Pool {
  connect(): Promise<Connection>;
}

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";

/** True for the two errors after which PostgreSQL asks the client to run the transaction again. */
export function retryable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}
