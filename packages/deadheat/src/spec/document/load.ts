import { DeadheatError } from "../../errors.ts";
import type { Leaf, Location } from "../../plan/operation.ts";
import { DocumentFiles, parseText, type Reader } from "./files.ts";
import { isObject, type Json, type JsonObject, written } from "./json.ts";
import type { Mistake, Parsed } from "./parsed.ts";
import { readDocument, readReferenced, withoutMark } from "./read.ts";
import { upgradeSwagger } from "./swagger.ts";

/** Something wrong with a document that does not keep the rest of it from being looked at. */
export interface Problem {
  readonly message: string;
  readonly location: Location;
}

/** A parsed OpenAPI document and a way to say where something stands in it. */
export interface OpenApiDocument {
  readonly file: string;
  /** As it was read. */
  readonly text: string;
  /** As it was parsed. */
  readonly source: JsonObject;
  /** In the shape of OpenAPI 3, whatever it was written in. */
  readonly root: JsonObject;
  /** As written: `3.1.0`, `2.0`. */
  readonly version: string;
  /** What stands beside a `$ref` in a schema counts, too (OpenAPI 3.1). */
  readonly siblings: boolean;
  /** Syntax that was not understood. */
  readonly problems: readonly Problem[];
  /** What schemas come to, made once each: see schema.ts. */
  readonly flattened: WeakMap<JsonObject, JsonObject>;
  readonly leaves: WeakMap<JsonObject, readonly Leaf[]>;
  /** Where the value at a path stands, through references. */
  locate(path: readonly string[]): Location;
  /** What a reference leads to, one step; `undefined` where that is nothing. */
  follow(reference: string): Json | undefined;
  /** Why a reference leads nowhere, in words. */
  broken(reference: string): string | undefined;
  /** The offset at which the value at a path begins in `text`; `undefined` where it is not in this text. */
  startOf(path: readonly string[]): number | undefined;
}

export interface LoadOptions {
  /** What is not understood becomes one of the document's problems, if anything of it can be used. */
  readonly tolerant?: boolean;
}

const HINT =
  "Give the path of an OpenAPI 3 or Swagger 2.0 document, for example: deadheat scan openapi.yaml --target URL";

/** Reads and parses an OpenAPI document with what it refers to. Throws DeadheatError with the place of the mistake. */
export async function loadDocument(file: string, options: LoadOptions = {}): Promise<OpenApiDocument> {
  return parse(file, readDocument(file), options, readReferenced);
}

/** The same for a text that came from elsewhere: files that it refers to are not read. */
export function parseOpenApi(file: string, text: string, options: LoadOptions = {}): OpenApiDocument {
  return parse(file, text, options);
}

function parse(file: string, text: string, options: LoadOptions, read?: Reader): OpenApiDocument {
  const parsed = parseText(withoutMark(text));
  if (!("value" in parsed)) throw unreadable(file, parsed);
  const [mistake] = parsed.mistakes;
  if (mistake && !(options.tolerant && isOpenApi(parsed.value))) throw unreadable(file, mistake);
  assertOpenApi(file, parsed);
  return documentOf(file, text, parsed, read);
}

function documentOf(
  file: string,
  text: string,
  parsed: Parsed & { readonly value: JsonObject },
  read: Reader | undefined,
): OpenApiDocument {
  const files = new DocumentFiles({ name: file, parsed }, read);
  const version = versionOf(parsed.value) ?? "";
  const follow = (reference: string) => {
    const target = files.follow(reference);
    return "problem" in target ? undefined : target.value;
  };
  const resolved = (node: Json | undefined) => {
    let current = node;
    for (let steps = 0; isObject(current) && typeof current.$ref === "string" && steps < 100; steps++)
      current = follow(current.$ref);
    return isObject(current) ? current : undefined;
  };
  return {
    file,
    text,
    source: parsed.value,
    root: version.startsWith("2") ? upgradeSwagger(parsed.value, resolved) : parsed.value,
    version,
    siblings: /^3\.[1-9]/.test(version),
    problems: parsed.mistakes.map(({ message, position }) => ({ message, location: { file, ...position } })),
    flattened: new WeakMap(),
    leaves: new WeakMap(),
    locate(path) {
      const place = files.find(path);
      return { file: place.file.name, ...place.file.parsed.locate(place.path) };
    },
    follow,
    broken(reference) {
      const target = files.follow(reference);
      return "problem" in target ? target.problem : undefined;
    },
    startOf: (path) => parsed.startOf(path),
  };
}

function unreadable(file: string, { message, position }: Mistake): DeadheatError {
  const hint = /alias/i.test(message)
    ? "Expand the aliases of the document."
    : "Correct the document at that place; it is neither valid YAML nor valid JSON.";
  return new DeadheatError(
    "document-unreadable",
    `${file}:${position.line}:${position.column}: ${message}`,
    hint,
  );
}

/** The version that a document names, as text: YAML reads `swagger: 2.0` as a number. */
function versionOf(root: JsonObject): string | undefined {
  const { openapi, swagger } = root;
  if (typeof openapi === "string" || typeof openapi === "number") return String(openapi);
  if (swagger === 2) return "2.0";
  return typeof swagger === "string" ? swagger : undefined;
}

function isOpenApi(root: Json): root is JsonObject {
  if (!isObject(root) || !/^(3\.|3$|2\.0)/.test(versionOf(root) ?? "")) return false;
  // A document of webhooks or components only (OpenAPI 3.1) offers nothing to call, and is one.
  return (
    isObject(root.paths) || (root.paths === undefined && isObject(root.components) && isObject(root.info))
  );
}

function assertOpenApi(
  file: string,
  parsed: Parsed,
): asserts parsed is Parsed & { readonly value: JsonObject } {
  const root = parsed.value;
  if (isOpenApi(root)) return;
  const given = isObject(root) ? (root.openapi ?? root.swagger) : undefined;
  const found =
    given === undefined
      ? "no `openapi` version"
      : isObject(root) && root.openapi === undefined
        ? `Swagger ${written(given)}`
        : /^3\./.test(String(typeof given === "object" ? "" : given))
          ? "no `paths`"
          : `openapi: ${written(given)}`;
  const { line, column } = parsed.locate(given === undefined ? [] : ["openapi"]);
  throw new DeadheatError(
    "document-not-openapi",
    `${file}:${line}:${column}: not an OpenAPI 3 document (${found})`,
    HINT,
  );
}
