import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";

export type Path = readonly (string | number)[];

/** A place in the file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What the file says, and where it says it. */
export interface Source {
  readonly value: unknown;
  /** Of the value at a path, or of the nearest thing around it that is there. */
  locate(path: Path): Position;
  /** Of a key in the map at a path. */
  locateKey(path: Path, key: string): Position;
}

export type Parsed = Source | { readonly problem: string; readonly at: Position };

const MAX_DEPTH = 64;
const MAX_ALIASES = 200;

/** The parser's own messages quote the text, and a password that begins with `*` or `!` is part of it. */
const MESSAGES: Readonly<Record<string, string>> = {
  BAD_ALIAS: "an alias without an anchor; put a text that begins with * into quotes",
  BAD_SCALAR_START: "a text that begins with @, ` or % has to be in quotes",
  BAD_DQ_ESCAPE: "an unknown escape in double quotes",
  BAD_INDENT: "wrong indentation",
  BLOCK_AS_IMPLICIT_KEY:
    "a key after a value; look at the indentation, or put a text that holds ': ' into quotes",
  BLOCK_IN_FLOW: "lines of a list or map inside brackets or braces that are not closed",
  DUPLICATE_KEY: "the same key twice",
  MISSING_CHAR: "a closing quote, bracket or colon is missing",
  MULTILINE_IMPLICIT_KEY: "a key without a colon after it",
  MULTIPLE_DOCS: "more than one document",
  TAB_AS_INDENT: "a tab as indentation",
  UNEXPECTED_TOKEN: "something unexpected; put a text with brackets, braces or # in it into quotes",
  TAG_RESOLVE_FAILED: "an unknown tag; put a text that begins with ! into quotes",
};

/** Parses YAML into plain JSON values. Never throws. */
export function parseSource(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: "error" });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken) return { problem: MESSAGES[broken.code] ?? "not valid YAML", at: at(broken.pos[0]) };
  const odd = oddity(document);
  if (odd) return { problem: odd.problem, at: at(odd.node.range?.[0] ?? 0) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return { problem: "too many aliases, or a merge (<<) of something that is no map", at: at(0) };
  }
  const locate = (path: Path) => at(nodeAt(document, path)?.range?.[0] ?? 0);
  const strange = strangeness(value, []);
  if (strange) return { problem: strange.problem, at: locate(strange.path) };
  return {
    value,
    locate,
    locateKey: (path, key) => at((keyAt(document, path, key) ?? nodeAt(document, path))?.range?.[0] ?? 0),
  };
}

/** What YAML can say and JSON cannot, or what would mean something else to JavaScript. */
function oddity(document: Document.Parsed): { problem: string; node: Node } | undefined {
  let found: { problem: string; node: Node } | undefined;
  const report = (problem: string, node: Node) => {
    found = { problem, node };
    return visit.BREAK;
  };
  visit(document, {
    Pair(_key, pair) {
      const key = pair.key as Node;
      if (!isScalar(key))
        return report("a key that is not a text", (key ?? pair.value ?? document.contents) as Node);
      if (key.value === "__proto__") return report("a key that may not be used", key);
      return undefined;
    },
    Alias(_key, alias) {
      return alias.resolve(document) === undefined
        ? report("an alias without an anchor; put a text that begins with * into quotes", alias)
        : undefined;
    },
    Node(_key, node) {
      const tag = (node as { tag?: string }).tag;
      if (tag === undefined || /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag))
        return undefined;
      return report("a tag that is not used here; put a text that begins with ! into quotes", node as Node);
    },
  });
  return found;
}

/** A value that holds itself, is deeper than any request, or is no JSON. */
function strangeness(value: unknown, path: Path): { problem: string; path: Path } | undefined {
  if (path.length > MAX_DEPTH) return { problem: "nested too deep, or an alias inside its own anchor", path };
  if (typeof value === "number" && !Number.isFinite(value)) return { problem: "not a finite number", path };
  if (typeof value === "bigint" || typeof value === "symbol") return { problem: "not a JSON value", path };
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const strange = strangeness(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (strange) return strange;
  }
  return undefined;
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  let node = document.contents as Node | null;
  for (const step of path) {
    const inner = childOf(document, node, step);
    if (!inner) break;
    node = inner;
  }
  return node ?? undefined;
}

function childOf(document: Document.Parsed, node: Node | null, step: string | number): Node | undefined {
  const real = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(real)) return real.items[Number(step)] as Node | undefined;
  if (!isMap(real)) return undefined;
  const pair = real.items.find((one) => nameOf(one.key) === String(step));
  if (pair) return (pair.value ?? pair.key) as Node;
  const merged = real.items.find((one) => nameOf(one.key) === "<<")?.value as Node | undefined;
  return merged && childOf(document, merged, step);
}

function keyAt(document: Document.Parsed, path: Path, key: string): Node | undefined {
  const node = nodeAt(document, path);
  const real = isAlias(node) ? node.resolve(document) : node;
  const pair = isMap(real) ? real.items.find((one) => isPair(one) && nameOf(one.key) === key) : undefined;
  return pair?.key as Node | undefined;
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.source ?? key.value) : "";
}
