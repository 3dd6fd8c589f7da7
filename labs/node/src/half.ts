import { setTimeout as sleep } from "node:timers/promises";
import { type OpaqueTokens, opaqueTokens } from "@deadheat/guard";
import { type Database, openDatabase } from "./database/pool.ts";
import { TABLES } from "./database/schema.ts";

/** One of the two halves of the lab: the same API, on tables, users and tokens of its own. */
export interface Half {
  /** The PostgreSQL schema that its tables are in. */
  readonly schema: string;
  readonly database: Database;
  readonly tokens: OpaqueTokens;
  /** The work that a real handler does between its check and its act. */
  think(): Promise<void>;
}

export interface HalfOptions {
  /** The database's, and the PostgreSQL schema in it that is made for this half. */
  readonly url: string;
  readonly schema: string;
  /** What its access tokens begin with. */
  readonly prefix: string;
  readonly connections: number;
  /** Milliseconds. */
  readonly think: number;
  /** Milliseconds that each statement takes longer. */
  readonly latency: number;
}

/** Connects, and makes the tables. To be closed at its database, also where making them fails. */
export async function openHalf(options: HalfOptions, opened: (database: Database) => void): Promise<Half> {
  const { url, schema, prefix, connections, latency, think } = options;
  const database = await openDatabase({ url, schema, connections, latency });
  opened(database);
  const tokens = opaqueTokens({ schema, prefix });
  await database.query(tokens.migration);
  await database.query(TABLES);
  return { schema, database, tokens, think: () => sleep(think) };
}
