import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Parser } from "web-tree-sitter";
import { PACKAGE_FOLDER } from "../../package-folder.ts";

/** Tree-sitter's Python grammar, loaded once a process or worker. */
export interface Grammar {
  readonly parser: Parser;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  /** By type id: is it a named node? Operators and punctuation are read from the text instead. */
  readonly named: readonly boolean[];
}

const WASM = new URL("wasm/tree-sitter-python.wasm", PACKAGE_FOLDER);

export async function loadGrammar(): Promise<Grammar> {
  if (!existsSync(WASM)) throw new Error("wasm/tree-sitter-python.wasm is missing from the package");
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init();
  const language = await Language.load(await readFile(WASM));
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    parser,
    types: language.types,
    fields: language.fields,
    named: language.types.map((_, id) => language.nodeTypeIsNamed(id)),
  };
}

/** Python was met that only the grammar knows, and it is not loaded. */
export class GrammarNeeded extends Error {}

/** For a run that most often needs no grammar: whoever asks it for something ends the run, which is then begun again. */
export const NO_GRAMMAR: Grammar = {
  get parser(): never {
    throw new GrammarNeeded();
  },
  get types(): never {
    throw new GrammarNeeded();
  },
  get fields(): never {
    throw new GrammarNeeded();
  },
  get named(): never {
    throw new GrammarNeeded();
  },
};
