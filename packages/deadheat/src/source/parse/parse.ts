import { TreeReader } from "./decode.ts";
import { decodeSignature } from "./decode-definition.ts";
import { type FlatTree, flatten } from "./flat.ts";
import type { Grammar } from "./grammar.ts";
import { type FunctionSpan, type Outline, outlineOf } from "./outline.ts";
import { quickFunction, quickModule, quickSignature } from "./quick/index.ts";
import type { FunctionNode, Statement } from "./syntax.ts";

/** One parsed file, or as much of it as could be. */
export interface ParsedFile {
  /**
   * Its top level and its classes. Functions are left out, `pass` stands in the place of each. A file with errors is
   * parsed whole, functions and all, cut at its top-level definitions, so that one error spoils one of them.
   */
  readonly statements: readonly Statement[];
  /** Functions that were left out, by where they start. */
  readonly functions: ReadonlyMap<number, FunctionSpan>;
  /** Parses one of those. */
  readonly body: (span: FunctionSpan) => ParsedBody;
  /** The same for its decorators and parameters only. */
  readonly head: (span: FunctionSpan) => Pick<FunctionNode, "parameters" | "decorators">;
  /** Spans that were not understood. */
  readonly errors: FlatTree["errors"];
}

export interface ParsedBody {
  /** `undefined` where nothing of the text was understood. */
  readonly node: FunctionNode | undefined;
  readonly errors: FlatTree["errors"];
}

const NO_ERRORS: FlatTree["errors"] = [];

export function parsePython(text: string, grammar: Grammar): ParsedFile {
  const { body, head } = bodiesOf(text, grammar);
  const outline = outlineOf(text);
  if (!outline) return { ...parseWhole(text, grammar), functions: new Map(), body, head };
  const { functions } = outline;
  const statements = quickModule(text, functions);
  if (statements) return { statements, functions, body, head, errors: NO_ERRORS };
  const skeleton = parseSkeleton(text, outline, grammar);
  if (skeleton.errors.length === 0) return { ...skeleton, functions, body, head };
  return { ...parseWhole(text, grammar), functions: new Map(), body, head };
}

/** Parses functions of a text by their spans. */
export function bodiesOf(text: string, grammar: Grammar): Pick<ParsedFile, "body" | "head"> {
  return {
    body: (span) => {
      const node = quickFunction(text, span);
      return node ? { node, errors: NO_ERRORS } : parseFunction(text, span, grammar);
    },
    head: (span) => quickSignature(text, span) ?? parseSignature(text, span, grammar),
  };
}

/** All but the functions, by the grammar. */
export function parseSkeleton(
  text: string,
  outline: Outline,
  grammar: Grammar,
): Pick<ParsedFile, "statements" | "errors"> {
  const tree = flattened(outline.skeleton(), grammar, 0);
  return { statements: new TreeReader(tree, text, grammar).module(), errors: tree.errors };
}

/** All of a text by the grammar. */
export function parseWhole(text: string, grammar: Grammar): Pick<ParsedFile, "statements" | "errors"> {
  const whole = flattened(text, grammar, 0);
  const chunks = whole.errors.length === 0 ? [] : chunksOf(text);
  const trees =
    chunks.length < 2
      ? [whole]
      : chunks.map(({ start, end }) => flattened(text.slice(start, end), grammar, start));
  return {
    statements: trees.flatMap((tree) => new TreeReader(tree, text, grammar).module()),
    errors: trees.flatMap((tree) => tree.errors),
  };
}

/** A method is indented: a class around it makes it well-formed by itself, decorators and all. */
const AROUND = "class _:\n";

/** One function by the grammar. */
export function parseFunction(text: string, span: FunctionSpan, grammar: Grammar): ParsedBody {
  const { reader, node } = definitionIn(text, span, grammar, text.slice(span.start, span.end));
  const [found] = node === undefined ? [] : [reader.statement(node)].flat();
  return { node: found?.kind === "function" ? found : undefined, errors: reader.tree.errors };
}

function parseSignature(
  text: string,
  span: FunctionSpan,
  grammar: Grammar,
): Pick<FunctionNode, "parameters" | "decorators"> {
  const own = `${text.slice(span.start, span.headEnd)} pass`;
  const { reader, node } = definitionIn(text, span, grammar, own);
  return node === undefined ? { parameters: [], decorators: [] } : decodeSignature(reader, node);
}

function definitionIn(
  text: string,
  { lineStart, start }: FunctionSpan,
  grammar: Grammar,
  own: string,
): { readonly reader: TreeReader; readonly node: number | undefined } {
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
