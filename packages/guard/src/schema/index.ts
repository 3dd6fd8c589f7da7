import { codeSql } from "../code-sql.ts";
import { idempotencySql } from "../idempotency-sql.ts";
import { jwtSql } from "../jwt-sql.ts";
import { sessionSql } from "../session-sql.ts";
import { tokenSql } from "../sql.ts";

export { type CleanedUp, type CleanUpOptions, cleanUp } from "./clean-up.ts";
export type { GuardTables } from "./tables.ts";

export interface Migration {
  /** Sorts as it is to be run, and is the name of its file in `@deadheat/guard/migrations/`, which is for the schema `guard`. */
  readonly name: string;
  /** Running it again does nothing. */
  readonly sql: string;
}

/**
 * All tables of the guard. Leave out what you do not use; sessions need access tokens.
 *
 * @throws nothing
 * @example
 * for (const { sql } of migrations()) await pool.query(sql);
 */
export function migrations(schema = "guard"): readonly Migration[] {
  return [
    { name: "0001_access_tokens.sql", sql: tokenSql(schema).migration },
    { name: "0002_sessions.sql", sql: sessionSql(schema).migration },
    { name: "0003_one_time_codes.sql", sql: codeSql(schema).migration },
    { name: "0004_idempotency_keys.sql", sql: idempotencySql(schema).migration },
    { name: "0005_json_web_tokens.sql", sql: jwtSql(schema).migration },
  ];
}
