import { dirname, resolve } from "node:path";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { Mistake, Parsed } from "./parsed.ts";

/** A file of a document that may have several. */
export interface SourceFile {
  /** As the user named it, or as the document that refers to it does. */
  readonly name: string;
  readonly parsed: Parsed;
}

/** Where a reference leads: a file and a place in it. */
export interface Target {
  readonly file: SourceFile;
  readonly path: readonly string[];
  readonly value: Json;
}

export type Reader = (path: string) => { readonly text: string } | { readonly problem: string };

/** JSON by its first character; what is no JSON then may still be YAML, which allows comments and more commas. */
export function parseText(text: string): Parsed | Mistake {
  if (!/^\s*[{[]/.test(text)) return parseYaml(text);
  const parsed = parseJson(text);
  if ("value" in parsed || text.length > MOST_TOLERATED) return parsed;
  const tolerated = parseYaml(text);
  return "value" in tolerated && tolerated.mistakes.length === 0 ? tolerated : parsed;
}

/** Broken JSON of more characters than this is not tried as YAML: that takes a second a MB. */
const MOST_TOLERATED = 4_000_000;

/**
 * The files of one document. Others than the first are read when something refers to them, once each, and never from
 * another machine. References inside of them are made absolute then, so that whoever follows one need not know where
 * it stood.
 */
export class DocumentFiles {
  readonly #main: SourceFile;
  readonly #mainPath: string;
  readonly #read: Reader | undefined;
  readonly #files = new Map<string, SourceFile | { readonly problem: string }>();
  readonly #anchored = new Map<SourceFile, ReadonlyMap<string, readonly string[]>>();
  readonly #followed = new Map<string, Target | { readonly problem: string }>();

  /** Without a reader nothing but the first file is looked at. */
  constructor(main: SourceFile, read?: Reader) {
    this.#main = main;
    this.#mainPath = resolve(main.name);
    this.#read = read;
    this.#files.set(this.#mainPath, main);
  }

  /** One step; a problem in words where it leads nowhere. */
  follow(reference: string): Target | { readonly problem: string } {
    let target = this.#followed.get(reference);
    if (!target) {
      target = this.#find(reference);
      this.#followed.set(reference, target);
    }
    return target;
  }

  /** Where a path from the top of the document leads, through references. */
  find(path: readonly string[]): Omit<Target, "value"> {
    let place: Target = { file: this.#main, path: [], value: this.#main.parsed.value };
    for (const key of path) {
      place = this.#dereferenced(place, key);
      const { file, value } = place;
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) break;
      place = { file, path: [...place.path, key], value: (value as JsonObject)[key] as Json };
    }
    return place;
  }

  #dereferenced(start: Target, key: string): Target {
    let place = start;
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const { value } = place;
      if (!isObject(value) || typeof value.$ref !== "string" || Object.hasOwn(value, key)) return place;
      const target = this.follow(value.$ref);
      if ("problem" in target) return place;
      place = target;
    }
    return place;
  }

  #find(reference: string): Target | { readonly problem: string } {
    const at = reference.indexOf("#");
    const name = at < 0 ? reference : reference.slice(0, at);
    const file = name === "" ? this.#main : this.#file(name);
    if ("problem" in file) return file;
    const fragment = at < 0 ? "" : reference.slice(at + 1);
    const path = pathOf(fragment) ?? this.#anchors(file).get(fragment);
    if (!path) return { problem: "is neither a JSON Pointer nor an $anchor" };
    let value: Json | undefined = file.parsed.value;
    for (const key of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key))
        return { problem: "leads nowhere" };
      value = (value as JsonObject)[key];
    }
    return value === undefined ? { problem: "leads nowhere" } : { file, path, value };
  }

  #anchors(file: SourceFile): ReadonlyMap<string, readonly string[]> {
    const known = this.#anchored.get(file) ?? anchorsIn(file.parsed.value);
    this.#anchored.set(file, known);
    return known;
  }

  #file(name: string): SourceFile | { readonly problem: string } {
    if (/^[a-z][a-z0-9+.-]+:/i.test(name))
      return { problem: "is on another machine, and nothing is fetched" };
    const path = resolve(dirname(this.#mainPath), decoded(name));
    let file = this.#files.get(path);
    if (!file) {
      file = this.#load(path, name);
      this.#files.set(path, file);
    }
    return file;
  }

  #load(path: string, name: string): SourceFile | { readonly problem: string } {
    if (!this.#read) return { problem: "is another file" };
    const read = this.#read(path);
    if ("problem" in read) return { problem: `${name} ${read.problem}` };
    const parsed = parseText(read.text);
    const mistake = "value" in parsed ? parsed.mistakes[0] : parsed;
    if (mistake || !("value" in parsed)) {
      const { line, column } = mistake?.position ?? { line: 1, column: 1 };
      return { problem: `${name}:${line}:${column}: ${mistake?.message}` };
    }
    makeAbsolute(parsed.value, path);
    return { name: path, parsed };
  }
}

const MOST_STEPS = 100;

/** Names given by `$anchor` (JSON Schema 2020-12 §8.2.2) and where each stands; the first of a name counts. Iterative. */
function anchorsIn(root: Json): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const pending: { readonly node: Json; readonly path: readonly string[] }[] = [{ node: root, path: [] }];
  const seen = new Set<Json>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, path } = next;
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    if (isObject(node))
      for (const name of [node.$anchor, node.$dynamicAnchor])
        if (typeof name === "string" && !found.has(name)) found.set(name, path);
    // Backwards: what is pushed last is looked at first.
    for (const [key, inner] of Object.entries(node).reverse())
      pending.push({ node: inner as Json, path: [...path, key] });
  }
  return found;
}

/** The keys of a JSON Pointer in a fragment (RFC 6901 §6); `undefined` where it is none. */
export function pathOf(fragment: string): string[] | undefined {
  if (fragment === "") return [];
  if (!fragment.startsWith("/")) return undefined;
  return fragment
    .slice(1)
    .split("/")
    .map((part) => decoded(part).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Iterative: a file may be nested as deeply as it likes. */
function makeAbsolute(root: Json, path: string): void {
  const pending: Json[] = [root];
  const seen = new Set<Json>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    if (isObject(node) && typeof node.$ref === "string") node.$ref = absolute(node.$ref, path);
    for (const inner of Object.values(node)) pending.push(inner);
  }
}

function absolute(reference: string, path: string): string {
  if (reference.startsWith("#")) return encodeURI(path).replaceAll("#", "%23") + reference;
  if (/^[a-z][a-z0-9+.-]+:/i.test(reference)) return reference;
  const at = reference.indexOf("#");
  const name = at < 0 ? reference : reference.slice(0, at);
  return (
    encodeURI(resolve(dirname(path), decoded(name))).replaceAll("#", "%23") +
    (at < 0 ? "" : reference.slice(at))
  );
}
