import type { AuthorizationHeader, Queryable } from "@deadheat/guard";

/** Tables whose rows an operation decides by. Each has an `id` and a `version`. */
export type Table =
  | "users"
  | "meters"
  | "pages"
  | "contacts"
  | "articles"
  | "vouchers"
  | "events"
  | "invitations"
  | "products"
  | "wallets"
  | "budgets"
  | "plans"
  | "folders"
  | "campaigns";

/** What an operation does its work with: it reads, thinks, and then writes. */
export interface Work {
  /** Id of the user who calls. */
  readonly subject: string;
  readonly query: Queryable["query"];
  /** The rows to decide by, in the order of their ids; those that are not there are left out. */
  // biome-ignore lint/suspicious/noExplicitAny: a row of whatever table it is
  rows(table: Table, ids: readonly string[]): Promise<any[]>;
  /** After everything that is decided by has been read, before anything is written. */
  think(): Promise<void>;
  /** Between two writes. */
  pause(): Promise<void>;
}

/**
 * Runs an operation under a valid token. `names` says what it is about, for ways that know no rows; operations
 * that have to wait for one another share one.
 */
export type Way = <T>(
  authorization: AuthorizationHeader,
  names: (subject: string) => readonly string[],
  work: (work: Work) => Promise<T>,
) => Promise<T>;

export const SELECT_ROWS = (table: Table) => `SELECT * FROM ${table} WHERE id = ANY($1) ORDER BY id`;
