import { readFileSync } from "node:fs";
import type { Partial } from "./finding.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";
import { parsePython } from "./parse/parse.ts";
import { decodeSource, SourceText } from "./parse/text.ts";
import type { Module } from "./project/definitions.ts";
import type { SourceFile } from "./project/files.ts";
import { isRelevant } from "./project/relevance.ts";
import { scanModule } from "./project/scan.ts";

/** Longer files are generated; nobody's race is in them. */
const LARGEST_FILE = 8_000_000;

export interface Loaded {
  readonly modules: readonly Module[];
  readonly partial: readonly Partial[];
  readonly bytes: number;
}

export async function loadModules(files: readonly SourceFile[]): Promise<Loaded> {
  const modules: Module[] = [];
  const partial: Partial[] = [];
  let bytes = 0;
  let grammar: Grammar | undefined;
  for (const file of files) {
    bytes += file.size;
    if (file.size > LARGEST_FILE) {
      partial.push({ file: file.path, reason: `not analysed: ${(file.size / 1e6).toFixed(0)} MB` });
      continue;
    }
    const read = readSource(file);
    if ("reason" in read) {
      partial.push({ file: file.path, reason: read.reason });
      continue;
    }
    if (read.note) partial.push({ file: file.path, reason: read.note });
    if (!isRelevant(read.text, file.path)) continue;
    grammar ??= await loadGrammar();
    const parsed = parsePython(read.text, grammar);
    modules.push(scanModule(file.path, read.text, parsed));
    if (parsed.errors.length > 0)
      partial.push({ file: file.path, reason: partlyParsed(new SourceText(read.text), parsed.errors) });
  }
  return { modules, partial, bytes };
}

function readSource(file: SourceFile): ReturnType<typeof decodeSource> | { readonly reason: string } {
  try {
    return decodeSource(readFileSync(file.absolute));
  } catch (error) {
    return { reason: `not read: ${(error as NodeJS.ErrnoException).code ?? "failed"}` };
  }
}

export function partlyParsed(source: SourceText, errors: readonly { readonly start: number }[]): string {
  const lines = [...new Set(errors.map((one) => source.lineAt(one.start)))];
  const shown = lines.slice(0, 5).join(", ");
  return `partially analysed: not understood at line ${shown}${lines.length > 5 ? `, and ${lines.length - 5} more` : ""}`;
}
