import { isObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { once } from "./lookup.ts";
import { bySurveyedId, type Surveyed, survey } from "./survey.ts";

export interface Annotated {
  readonly text: string;
  /** Operations that were given an annotation. */
  readonly count: number;
  /** Operations that had one, or that stand in another file or behind an alias: left as they are. */
  readonly left: number;
}

interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/**
 * The document's text with `x-deadheat` at every operation: what was inferred, for people to correct. All else stays
 * as it is, byte by byte.
 */
export function annotate(document: OpenApiDocument): Annotated {
  const found = survey(document);
  const nameOf = new Map(
    found.operations.map((one) => [one.operation.id, `${one.operation.method} ${one.template}`]),
  );
  const insertions: Insertion[] = [];
  let left = 0;
  for (const one of found.operations) {
    const links = Object.fromEntries(
      (once(found, bySurveyedId).links.get(one.operation.id) ?? [])
        .filter((link) => link.place === "path")
        .map((link) => [link.parameter, nameOf.get(link.producer) ?? link.producer]),
    );
    const insertion = insertionFor(document, one, annotationFor(one, links));
    if (insertion) insertions.push(insertion);
    else left++;
  }
  return { text: withInsertions(document.text, insertions), count: insertions.length, left };
}

function annotationFor(one: Surveyed, links: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    kind: one.kind,
    lifecycle: one.lifecycle?.lifecycle ?? "none",
    ...(Object.keys(links).length > 0 ? { links } : {}),
  });
}

function insertionFor(document: OpenApiDocument, one: Surveyed, annotation: string): Insertion | undefined {
  if (isObject(one.node["x-deadheat"]) || Object.keys(one.node).length === 0) return undefined;
  const offset = document.startOf(one.pointer);
  if (offset === undefined) return undefined;
  // JSON is YAML: one line of it stands in a document of either kind.
  if (document.text[offset] === "{") return { offset: offset + 1, text: `"x-deadheat": ${annotation}, ` };
  const lineStart = document.text.lastIndexOf("\n", offset - 1) + 1;
  const indentation = document.text.slice(lineStart, offset);
  if (/\S/.test(indentation)) return undefined;
  return { offset, text: `x-deadheat: ${annotation}\n${indentation}` };
}

function withInsertions(text: string, insertions: readonly Insertion[]): string {
  const sorted = [...insertions].sort((a, b) => a.offset - b.offset);
  const parts: string[] = [];
  let at = 0;
  for (const { offset, text: inserted } of sorted) {
    parts.push(text.slice(at, offset), inserted);
    at = offset;
  }
  return parts.join("") + text.slice(at);
}
