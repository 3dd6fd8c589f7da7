import type { Plan } from "../plan/plan.ts";
import { loadDocument, parseOpenApi, planDocument } from "../spec/index.ts";
import { type Discovered, discoverDocument } from "./init/discover.ts";
import { draftConfig } from "./init/draft.ts";

export type { Discovered };
export { discoverDocument };

/** A first deadheat.yaml, and what was found in the document. */
export interface Draft {
  readonly yaml: string;
  readonly operations: number;
  /** Operations that take a token. */
  readonly guarded: number;
  readonly credentials: Plan["credentials"];
}

/** Drafts a configuration from a document on disk. Throws DeadheatError where it is none. */
export async function draftFromFile(file: string, documentName: string, target?: string): Promise<Draft> {
  return draft(await loadDocument(file), documentName, target);
}

export function draftFromText(name: string, text: string, documentName: string, target?: string): Draft {
  return draft(parseOpenApi(name, text), documentName, target);
}

function draft(document: ReturnType<typeof parseOpenApi>, documentName: string, target?: string): Draft {
  const plan = planDocument(document);
  // What is left out today and would not be if everything were named.
  const all = planDocument(document, { optIn: plan.operations.map((one) => one.id) });
  const ids = (omitted: Plan["omitted"]) => new Set(omitted.map(({ operation }) => operation.id));
  const still = ids(all.omitted);
  const withheld = plan.omitted.map(({ operation }) => operation).filter((one) => !still.has(one.id));
  return {
    yaml: draftConfig(plan, {
      document: documentName,
      ...(target === undefined ? {} : { target }),
      withheld,
    }),
    operations: plan.operations.length,
    guarded: plan.operations.filter((one) => one.bearer.length > 0).length,
    credentials: plan.credentials,
  };
}
