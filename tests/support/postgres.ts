import { startPostgres } from "@deadheat/lab/postgres";

/**
 * Why there is no PostgreSQL server here, or `false`. In CI that is a failure; elsewhere the tests
 * that need one are skipped by name.
 */
export const postgresMissing: string | false = await (async () => {
  try {
    await (await startPostgres()).stop();
    return false;
  } catch (error) {
    if (process.env.CI) throw error;
    const reason = `skipped: no PostgreSQL server (${(error as Error).message})`;
    console.warn(reason);
    return reason;
  }
})();
