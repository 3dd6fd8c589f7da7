/** Of a connection, as ReadyForQuery tells it. */
export type TransactionState = "idle" | "open" | "failed";

/** One connection of the API's through the proxy. */
export interface Connection {
  /** From 1, in the order in which they were opened. */
  readonly id: number;
  /** The server process that works for it, as pg_stat_activity names it; 0 until it has said so. */
  readonly pid: number;
}

/** A statement that is about to be handed on. Parameters are never kept. */
export interface Statement {
  readonly connection: Connection;
  /** As the client sent it: may hold secrets where the client writes parameters into it. */
  readonly text: string;
  readonly protocol: "simple" | "extended";
  /** Of its connection, before it. */
  readonly before: TransactionState;
}

export interface Answer {
  /** `UPDATE 1`; absent where it failed or was skipped after a failure. */
  readonly tag?: string;
  /** SQLSTATE of the error. */
  readonly error?: string;
}

/** Who looks at statements while one request, or two, are under way. */
export interface Observer {
  /** The statement is handed on once what this gives has settled. */
  statement(statement: Statement): Promise<void> | undefined;
  /** A row of a statement's result, where anybody wants to know; the bytes must not be kept, they are read into again. */
  row?(statement: Statement, columns: readonly (Buffer | null)[]): void;
  /** `after`: the state of the transaction once the whole message was worked on. */
  answered(statement: Statement, answer: Answer, after: TransactionState): void;
}
