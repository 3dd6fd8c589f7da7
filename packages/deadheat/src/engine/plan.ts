import type { Analysis } from "../plan/analysis.ts";
import { analyse } from "../spec/analyse.ts";
import { annotate } from "../spec/annotate.ts";
import { loadDocument } from "../spec/document/load.ts";

export { planAsJson } from "../spec/output/json.ts";
export { planAsMermaid } from "../spec/output/mermaid.ts";
export { type PlanTextOptions, planAsText } from "../spec/output/text.ts";
export { validateDocument } from "../spec/validate.ts";

/** What can race in a document, as far as it tells. Sends nothing. Throws DeadheatError where it cannot be used. */
export async function analyseDocument(file: string, optIn: readonly string[]): Promise<Analysis> {
  return analyse(await loadDocument(file, { tolerant: true }), { optIn });
}

/** The text of a document with what was inferred written into it. */
export async function annotateDocument(file: string): Promise<ReturnType<typeof annotate>> {
  return annotate(await loadDocument(file));
}
