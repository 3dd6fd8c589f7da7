import type { OpaqueTokens } from "@deadheat/guard";
import type { Database } from "./database/pool.ts";

/** One of the two halves of the lab: the same API, on tables, users and tokens of its own. */
export interface Half {
  readonly database: Database;
  readonly tokens: OpaqueTokens;
  /** The work that a real handler does between its check and its act. */
  think(): Promise<void>;
}
