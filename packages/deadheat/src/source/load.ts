import { readFileSync } from "node:fs";
import type { Partial } from "./finding.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";
import { parsePython } from "./parse/parse.ts";
import { decodeSource, SourceText } from "./parse/text.ts";
import type { Module } from "./project/definitions.ts";
import type { SourceFile } from "./project/files.ts";
import { scanModule } from "./project/scan.ts";

/** Longer files are generated; nobody's race is in them. */
const LARGEST_FILE = 8_000_000;

export interface Loaded {
  readonly modules: readonly Module[];
  readonly partial: readonly Partial[];
  readonly bytes: number;
}

/** One file as it was read. */
export interface ReadSource {
  /** Of one that could be read. */
  readonly text?: string;
  /** A digest of its bytes. */
  readonly hash: string;
  /** Why it could not be read, or not as it should be. */
  readonly notes: readonly string[];
}

/** `watch` is told of each file, with the module that was made of it. */
export async function loadModules(
  files: readonly SourceFile[],
  watch: (
    file: SourceFile,
    read: ReadSource,
    module: Module | undefined,
    notes: readonly string[],
  ) => void = () => {},
  hash: (bytes: Uint8Array) => string = () => "",
): Promise<Loaded> {
  const modules: Module[] = [];
  const partial: Partial[] = [];
  let bytes = 0;
  let grammar: Grammar | undefined;
  for (const file of files) {
    bytes += file.size;
    const read = readSource(file, hash);
    let notes = read.notes;
    let module: Module | undefined;
    if (read.text !== undefined) {
      grammar ??= await loadGrammar();
      const made = moduleOf(file.path, read.text, grammar);
      module = made.module;
      modules.push(module);
      notes = [...notes, ...made.notes];
    }
    for (const reason of notes) partial.push({ file: file.path, reason });
    watch(file, read, module, notes);
  }
  return { modules, partial, bytes };
}

export function moduleOf(
  path: string,
  text: string,
  grammar: Grammar,
): { readonly module: Module; readonly notes: readonly string[] } {
  const parsed = parsePython(text, grammar);
  const module = scanModule(path, text, parsed);
  return {
    module,
    notes: parsed.errors.length > 0 ? [partlyParsed(new SourceText(text), parsed.errors)] : [],
  };
}

export function readSource(file: SourceFile, hash: (bytes: Uint8Array) => string): ReadSource {
  if (file.size > LARGEST_FILE)
    return { hash: "", notes: [`not analysed: ${(file.size / 1e6).toFixed(0)} MB`] };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file.absolute);
  } catch (error) {
    return { hash: "", notes: [`not read: ${(error as NodeJS.ErrnoException).code ?? "failed"}`] };
  }
  const { text, note } = decodeSource(bytes);
  return {
    hash: hash(bytes),
    notes: note ? [note] : [],
    text,
  };
}

export function partlyParsed(source: SourceText, errors: readonly { readonly start: number }[]): string {
  const lines = [...new Set(errors.map((one) => source.lineAt(one.start)))];
  const shown = lines.slice(0, 5).join(", ");
  return `partially analysed: not understood at line ${shown}${lines.length > 5 ? `, and ${lines.length - 5} more` : ""}`;
}
