import { type Lab, type LabOptions, startLab } from "../index.ts";

/** A lab for the tests of one file, or undefined where there is no PostgreSQL (in CI: a failure). */
export async function labForTests(options?: LabOptions): Promise<Lab | undefined> {
  try {
    return await startLab(options);
  } catch (error) {
    if (process.env.CI || (error as { code?: string }).code !== "no-postgres") throw error;
    console.warn(`SKIPPED, no PostgreSQL server: ${(error as Error).message}`);
    return undefined;
  }
}
