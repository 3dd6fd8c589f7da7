import { type DatabaseInView, viewDatabase } from "../engine/database.ts";
import { DeadheatError } from "../errors.ts";
import { systemClock } from "./clock.ts";
import { wholeNumber } from "./options.ts";

export interface DatabaseFlags {
  readonly database?: string;
  readonly allowDatabase?: readonly string[];
  readonly proxyPort?: string;
}

/** The environment keeps a password out of the process list. */
const VARIABLE = "DEADHEAT_DATABASE";

/** Stands between the API and its database where that was asked for, and says what to give to the API. */
export async function databaseFor(
  flags: DatabaseFlags,
  tell: (line: string) => void,
): Promise<DatabaseInView | undefined> {
  const url = flags.database ?? process.env[VARIABLE];
  if (url === undefined || url === "") return undefined;
  const notices = new Set<string>();
  const database = await viewDatabase({
    url,
    ...(flags.allowDatabase ? { allow: flags.allowDatabase } : {}),
    port: wholeNumber("--proxy-port", flags.proxyPort, 0, 0, 65_535),
    clock: systemClock,
    onNotice(text) {
      // A pool asks again and again.
      if (!notices.has(text)) tell(`  proxy   ${text}`);
      notices.add(text);
    },
  });
  tell(
    `  proxy   ${database.address}\n` +
      "          give this to the API in place of its own database URL, with the same password; waiting for the API",
  );
  return database;
}

export async function requiredDatabase(
  flags: DatabaseFlags,
  tell: (line: string) => void,
): Promise<DatabaseInView> {
  const database = await databaseFor(flags, tell);
  if (database) return database;
  throw new DeadheatError(
    "usage",
    "no database",
    `Add --database postgres://… (the API's own), or set ${VARIABLE}.`,
  );
}
