import { TreeReader } from "./decode.ts";
import { type FlatTree, flatten } from "./flat.ts";
import type { Grammar } from "./grammar.ts";
import { type FunctionSpan, outlineOf } from "./outline.ts";

/** One parsed file, or as much of it as could be. */
export interface ParsedFile {
  /**
   * Usually one, of the text without its functions. A file with errors is parsed whole, cut at its top-level
   * definitions, so that one error spoils one of them.
   */
  readonly readers: readonly TreeReader[];
  /** Functions that were left out, by where they start. */
  readonly functions: ReadonlyMap<number, FunctionSpan>;
  /** Parses one of those. */
  readonly body: (span: FunctionSpan) => ParsedBody;
  /** The same for its decorators and parameters only. */
  readonly head: (span: FunctionSpan) => ParsedBody;
  /** Spans that were not understood. */
  readonly errors: FlatTree["errors"];
}

export interface ParsedBody {
  readonly reader: TreeReader;
  /** The definition, with its decorators; `undefined` where nothing of the text was understood. */
  readonly node: number | undefined;
}

const NO_FUNCTIONS: ReadonlyMap<number, FunctionSpan> = new Map();

export function parsePython(text: string, grammar: Grammar): ParsedFile {
  const body = (span: FunctionSpan) => parseFunction(text, span, grammar, text.slice(span.start, span.end));
  const head = (span: FunctionSpan) =>
    parseFunction(text, span, grammar, `${text.slice(span.start, span.headEnd)} pass`);
  const outline = outlineOf(text);
  if (outline) {
    const skeleton = flattened(outline.skeleton, grammar, 0);
    if (skeleton.errors.length === 0)
      return {
        readers: [new TreeReader(skeleton, text, grammar)],
        functions: outline.functions,
        body,
        head,
        errors: [],
      };
  }
  return { ...parseWhole(text, grammar), functions: NO_FUNCTIONS, body, head };
}

function parseWhole(text: string, grammar: Grammar): Pick<ParsedFile, "readers" | "errors"> {
  const whole = flattened(text, grammar, 0);
  const chunks = whole.errors.length === 0 ? [] : chunksOf(text);
  if (chunks.length < 2) return { readers: [new TreeReader(whole, text, grammar)], errors: whole.errors };
  const trees = chunks.map(({ start, end }) => flattened(text.slice(start, end), grammar, start));
  return {
    readers: trees.map((tree) => new TreeReader(tree, text, grammar)),
    errors: trees.flatMap((tree) => tree.errors),
  };
}

/** A method is indented: a class around it makes it well-formed by itself, decorators and all. */
const AROUND = "class _:\n";

function parseFunction(text: string, span: FunctionSpan, grammar: Grammar, own: string): ParsedBody {
  const { lineStart, start } = span;
  const tree =
    start > lineStart
      ? flattened(AROUND + text.slice(lineStart, start) + own, grammar, lineStart - AROUND.length)
      : flattened(own, grammar, start);
  const reader = new TreeReader(tree, text, grammar);
  const isDefinition = (node: number) => /^(function|decorated)_definition$/.test(reader.type(node));
  for (let node = 0; node < tree.size && node < 12; node++) if (isDefinition(node)) return { reader, node };
  return { reader, node: undefined };
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
