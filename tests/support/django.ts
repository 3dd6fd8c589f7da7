import { type DjangoLab, type DjangoLabOptions, startDjangoLab } from "../../labs/django/src/index.ts";

/** What a machine may lack; anything else that keeps the lab from starting is a fault. */
const LACKING = ["missing-packages", "install-failed", "no-postgres"];

/**
 * A Django lab for the tests of one file, or undefined where the machine has not got what it takes:
 * then they are skipped, loudly. In CI that is a failure.
 */
export async function djangoLabForTests(options: DjangoLabOptions = {}): Promise<DjangoLab | undefined> {
  try {
    return await startDjangoLab(options);
  } catch (error) {
    const { code, message, hint } = error as Error & { code?: string; hint?: string };
    if (process.env.CI || !LACKING.includes(code ?? "")) throw error;
    console.warn(`SKIPPED, no Django lab: ${message}\n  ${hint}`);
    return undefined;
  }
}
