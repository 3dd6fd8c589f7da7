import { basename } from "node:path";
import { DeadheatError } from "../errors.ts";
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

/** A project's own document, derived from its source, and a configuration for it. */
export interface ProjectDraft {
  readonly draft: Draft;
  /** YAML. */
  readonly document: string;
  /** Operations that only the source shows, where there was a document to begin with. */
  readonly added?: number;
}

/**
 * Derives an OpenAPI document from a Django project; nothing of it is imported or run. `existing` is a document to
 * begin with: what it says goes before what the source says. Throws DeadheatError where there is no route.
 */
export async function draftFromProject(
  folder: string,
  documentName: string,
  existing?: string,
): Promise<ProjectDraft> {
  const [{ stringify }, source] = await Promise.all([import("yaml"), import("../source/index.ts")]);
  const opened = await source.openProgram(folder);
  const report = source.checkProgram(opened, 0, { now: () => 0 });
  const title = basename(folder);
  const derived = source.sourceDocument(opened.program, { title, findings: report.findings });
  if (derived.operations === 0)
    throw new DeadheatError(
      "usage",
      `${folder}: no routes of a Django project`,
      "Give the folder that has manage.py in it, or an OpenAPI document.",
    );
  if (existing === undefined) {
    const text = stringify(derived.document, { aliasDuplicateObjects: false });
    return { draft: draftFromText(documentName, text, documentName), document: text };
  }
  const { root } = await loadDocument(existing);
  const merged = source.mergeDocuments(root, derived.document);
  const text = stringify(merged.document, { aliasDuplicateObjects: false });
  return { draft: draftFromText(documentName, text, documentName), document: text, added: merged.added };
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
