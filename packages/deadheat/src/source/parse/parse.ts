import { TreeReader } from "./decode.ts";
import { type FlatTree, flatten } from "./flat.ts";
import type { Grammar } from "./grammar.ts";

/** One parsed file, or as much of it as could be. */
export interface ParsedFile {
  /** Usually one; a file with errors is cut at its top-level definitions, so that one error spoils one of them. */
  readonly readers: readonly TreeReader[];
  /** Spans that were not understood. */
  readonly errors: FlatTree["errors"];
}

export function parsePython(text: string, grammar: Grammar): ParsedFile {
  const whole = flattened(text, grammar, 0);
  if (whole.errors.length === 0) return { readers: [new TreeReader(whole, text, grammar)], errors: [] };
  const chunks = chunksOf(text);
  if (chunks.length < 2) return { readers: [new TreeReader(whole, text, grammar)], errors: whole.errors };
  const trees = chunks.map(({ start, end }) => flattened(text.slice(start, end), grammar, start));
  return {
    readers: trees.map((tree) => new TreeReader(tree, text, grammar)),
    errors: trees.flatMap((tree) => tree.errors),
  };
}

function flattened(text: string, grammar: Grammar, shift: number): FlatTree {
  const tree = grammar.parser.parse(text);
  if (!tree) throw new Error("the parser has no grammar");
  try {
    return flatten(tree, grammar, shift);
  } finally {
    tree.delete();
  }
}

/** Top-level definitions, each with its decorators. An unclosed bracket ends with the definition it is in. */
export function chunksOf(text: string): { readonly start: number; readonly end: number }[] {
  const starts = [0];
  let decorated = false;
  for (const match of text.matchAll(/^(@|def |class |async def )/gm)) {
    const isDecorator = match[1] === "@";
    if (!decorated && match.index > 0) starts.push(match.index);
    decorated = isDecorator;
  }
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}
