import { readFile } from "node:fs/promises";
import { LineCounter, type Node, parseDocument } from "yaml";
import { DeadheatError } from "../errors.ts";
import type { Location } from "../plan/operation.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A parsed OpenAPI document and a way to say where something stands in it. */
export interface OpenApiDocument {
  readonly file: string;
  readonly root: JsonObject;
  locate(path: readonly string[]): Location;
}

const HINT = "Give the path of an OpenAPI 3 document, for example: deadheat scan openapi.yaml --target URL";

/** Reads and parses an OpenAPI 3 document. Throws DeadheatError with the place of the first mistake. */
export async function loadDocument(file: string): Promise<OpenApiDocument> {
  return parseOpenApi(file, await readText(file));
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === "ENOENT")
      throw new DeadheatError("document-missing", `${file}: no such file`, HINT, cause);
    throw new DeadheatError("document-unreadable", `${file}: cannot be read (${reason})`, HINT, cause);
  }
}

export function parseOpenApi(file: string, text: string): OpenApiDocument {
  const lines = new LineCounter();
  // JSON is YAML: one parser gives both a place.
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new DeadheatError(
      "document-unreadable",
      `${file}:${line}:${col}: ${broken.message.split("\n")[0]}`,
      "Correct the document at that place; it is neither valid YAML nor valid JSON.",
    );
  }
  const root = toJson(file, () => document.toJS() as Json);
  assertOpenApi(file, root);
  return {
    file,
    root,
    locate(path) {
      for (let length = path.length; length > 0; length--) {
        const node = document.getIn(path.slice(0, length), true) as Node | undefined;
        if (node?.range) {
          const { line, col } = lines.linePos(node.range[0]);
          return { file, line, column: col };
        }
      }
      return { file, line: 1, column: 1 };
    },
  };
}

function toJson(file: string, convert: () => Json): Json {
  try {
    return convert();
  } catch (cause) {
    const message = `${file}: ${(cause as Error).message}`;
    throw new DeadheatError("document-unreadable", message, "Expand the aliases of the document.", cause);
  }
}

function assertOpenApi(file: string, root: Json): asserts root is JsonObject {
  const version = isObject(root) ? root.openapi : undefined;
  if (isObject(root) && typeof version === "string" && version.startsWith("3.") && isObject(root.paths))
    return;
  const found =
    isObject(root) && root.swagger !== undefined
      ? `Swagger ${String(root.swagger)}`
      : version === undefined
        ? "no `openapi` version"
        : !isObject(root) || !isObject(root.paths)
          ? "no `paths`"
          : `openapi: ${String(version)}`;
  throw new DeadheatError("document-not-openapi", `${file}: not an OpenAPI 3 document (${found})`, HINT);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
