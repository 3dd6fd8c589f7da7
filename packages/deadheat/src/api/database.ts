import { systemClock } from "../cli/clock.ts";
import { type DatabaseInView, viewDatabase } from "../engine/database.ts";

export interface OpenDatabaseOptions {
  /** The API's own PostgreSQL: `postgres://USER:PASSWORD@127.0.0.1:5432/NAME`. */
  readonly url: string;
  /** Servers beyond this machine that may be connected to, as `host:port`. */
  readonly allow?: readonly string[];
  /** Where the API finds the proxy, on 127.0.0.1; default: a free port. */
  readonly port?: number;
  /** What a user should know of: a client that wants TLS, a server that cannot be reached. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Stands between an API and its database, for `race({ database })`. Start the API with `address` in place of its own
 * database URL (the password is left out of it), and `close` when the tests are done. Rejects with a `DeadheatError`
 * where the server is not allowed or cannot be asked.
 */
export function openDatabase(options: OpenDatabaseOptions): Promise<DatabaseInView> {
  return viewDatabase({ ...options, clock: systemClock });
}
