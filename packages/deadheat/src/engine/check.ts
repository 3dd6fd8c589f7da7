import type { CheckReport } from "../source/index.ts";

/** Source analysis as commands see it (DESIGN §3: `cli` sees `engine`). */
export * from "../source/index.ts";

/** The report with its findings tied to the operations of an OpenAPI document. Throws DeadheatError where it cannot be used. */
export async function withOperations(report: CheckReport, file: string): Promise<CheckReport> {
  const [{ analyseDocument }, { joinOperations }] = await Promise.all([
    import("./plan.ts"),
    import("./join.ts"),
  ]);
  return joinOperations(report, (await analyseDocument(file, [])).operations);
}
