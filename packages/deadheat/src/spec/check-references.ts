import { isObject, type Json, type JsonObject } from "./document/json.ts";
import type { OpenApiDocument, Problem } from "./document/load.ts";

/** Below these stand values and not parts of the document. */
const VALUES = new Set(["example", "examples", "default", "enum", "const", "mapping"]);
const MOST_PROBLEMS = 100;

/** Nested more deeply than any document that people write. */
const MOST_DEPTH = 400;

/** References of the document that lead nowhere, or only to each other, each with its place. */
export function brokenReferences(document: OpenApiDocument, source: Json): Problem[] {
  return isSound(document) ? [] : faultyReferences(document, source);
}

/** What may stand behind the name of a member in a JSON text, up to the value where that is a text. */
const VALUE = /\s*:\s*"/y;

/** All that the text of a JSON document may refer to is there: most documents need not be walked to know it. */
function isSound(document: OpenApiDocument): boolean {
  const { text } = document;
  if (!/^\s*[{[]/.test(text) || text.includes("\\u0024")) return false;
  const named = new Set<string>();
  // Looked for from the rare character on: half of what a document has are quotes.
  for (let at = text.indexOf('$ref"'); at >= 0; at = text.indexOf('$ref"', at + 1)) {
    if (text[at - 1] !== '"') continue;
    VALUE.lastIndex = at + 5;
    if (!VALUE.test(text)) continue;
    const reference = text.slice(VALUE.lastIndex, text.indexOf('"', VALUE.lastIndex));
    if (reference.includes("\\")) return false;
    named.add(reference);
  }
  for (const reference of named) if (faultOf(document, reference) !== undefined) return false;
  return true;
}

function faultyReferences(document: OpenApiDocument, source: Json): Problem[] {
  const problems: Problem[] = [];
  const known = new Map<string, string | undefined>();
  // Aliases of YAML make one node stand in many places; in JSON none does, and there are many.
  const seen = /^\s*[{[]/.test(document.text) ? undefined : new Set<Json>();
  const path: string[] = [];
  const visit = (node: Json[] | JsonObject): void => {
    if (seen?.has(node) || path.length > MOST_DEPTH || problems.length >= MOST_PROBLEMS) return;
    seen?.add(node);
    const isValues = path.at(-1) !== "properties";
    for (const key of Object.keys(node)) {
      const inner = (node as JsonObject)[key] as Json;
      if (key === "$ref" && typeof inner === "string") {
        if (!known.has(inner)) known.set(inner, faultOf(document, inner));
        const fault = known.get(inner);
        if (fault !== undefined)
          problems.push({ message: `$ref ${inner}: ${fault}`, location: document.locate([...path, key]) });
      } else if (
        typeof inner === "object" &&
        inner !== null &&
        !(isValues && VALUES.has(key)) &&
        !key.startsWith("x-")
      ) {
        path.push(key);
        visit(inner);
        path.pop();
      }
    }
  };
  if (typeof source === "object" && source !== null) visit(source);
  return problems;
}

function faultOf(document: OpenApiDocument, reference: string): string | undefined {
  const seen = new Set<string>();
  for (let current = reference; ; ) {
    if (seen.has(current)) return "leads to itself";
    seen.add(current);
    const broken = document.broken(current);
    if (broken !== undefined) return broken;
    const target = document.follow(current);
    if (!isObject(target) || typeof target.$ref !== "string") return undefined;
    current = target.$ref;
  }
}
