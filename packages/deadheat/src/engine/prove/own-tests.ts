import type { TestOutcome } from "../../findings/prove-report.ts";
import type { OpenedProject } from "../../harness/index.ts";

/** What fails on the fixed copy is tried on the original: a test that fails there as well says nothing of the fix. */
export async function testsOf(
  fixed: Pick<OpenedProject, "runTests">,
  original: Pick<OpenedProject, "runTests">,
): Promise<TestOutcome[]> {
  const runs = await fixed.runTests();
  const before = runs.every(({ passed }) => passed) ? [] : await original.runTests();
  return runs.map(({ command, passed, lines }) => {
    if (passed) return { command, status: "passed", lines: [] };
    const failedBefore = before.some((one) => one.command === command && !one.passed);
    return { command, status: failedBefore ? "failed-before" : "failed", lines };
  });
}
