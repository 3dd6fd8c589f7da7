/** A throw-away PostgreSQL server for as long as this process lives: `@deadheat/lab/postgres`. */
export { PostgresError, type PostgresErrorCode } from "./errors.ts";
export type { Source } from "./protocol.ts";
export { type Postgres, type StartOptions, startPostgres } from "./start.ts";
