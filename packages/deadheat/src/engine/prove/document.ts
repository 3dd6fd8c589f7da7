import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  mergeDocuments,
  type OpenedProgram,
  type Route,
  type SourceFinding,
  sourceDocument,
} from "../../source/index.ts";
import { loadDocument } from "../../spec/index.ts";

export interface DerivedDocument {
  readonly operations: number;
  /** `openapi.yaml`, `drf-spectacular`, `the source`. */
  readonly from: readonly string[];
}

export interface DocumentSources {
  readonly opened: OpenedProgram;
  readonly title: string;
  readonly routes: readonly Route[];
  readonly findings: readonly SourceFinding[];
  /** The user's own, from deadheat.yaml. */
  readonly named?: string;
  /** What drf-spectacular makes of the running project. */
  readonly generated?: Readonly<Record<string, unknown>> | null;
}

/** Writes the API document that a project is raced by: the user's or the framework's own, and what only the source shows. */
export async function writeDocument(file: string, sources: DocumentSources): Promise<DerivedDocument> {
  const { opened, title, routes, findings, named, generated } = sources;
  const derived = sourceDocument(opened.program, { title, routes, findings });
  const existing = named === undefined ? generated : (await loadDocument(named)).root;
  const hasPaths = Object.keys((existing?.paths as object | undefined) ?? {}).length > 0;
  const merged = existing && hasPaths ? mergeDocuments(existing, derived.document) : undefined;
  const document = merged?.document ?? derived.document;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  const own = named ?? "drf-spectacular";
  return {
    operations: countOf(document),
    from: merged ? [own, ...(merged.added > 0 ? [`the source (${merged.added} more)`] : [])] : ["the source"],
  };
}

const METHODS = new Set(["get", "put", "post", "delete", "patch"]);

function countOf(document: Readonly<Record<string, unknown>>): number {
  return Object.values((document.paths ?? {}) as Record<string, object>)
    .flatMap((item) => Object.keys(item))
    .filter((method) => METHODS.has(method)).length;
}
