import { createRequire } from "node:module";
import type { Document, Node, YAMLMap } from "yaml";
import type { Json } from "./json.ts";
import type { Mistake, Parsed } from "./parsed.ts";

/** Loaded when there is YAML to parse: a JSON document of 13 MB is parsed in the time that it takes. */
const load = () => createRequire(import.meta.url)("yaml") as typeof import("yaml");

/** Aliases to a node that holds aliases multiply: ten lines make a billion nodes. */
const MOST_ALIASES = 1000;

/** Parses a YAML text; a mistake where nothing can be made of it. */
export function parseYaml(text: string): Parsed | Mistake {
  const yaml = load();
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, merge: true, logLevel: "error" });
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const mistakes: Mistake[] = document.errors.map(({ message, pos }) => ({
    message: message.split("\n")[0] ?? "",
    position: positionOf(pos[0]),
  }));
  let value: Json;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES }) as Json;
  } catch (error) {
    const tamed = withoutLargeAliases(document);
    if (!tamed) {
      const position = positionOf(firstAlias(document));
      return mistakes[0] ?? { message: (error as Error).message, position };
    }
    value = tamed.value;
    mistakes.push({ message: tamed.message, position: positionOf(tamed.offset) });
  }
  return {
    value,
    mistakes,
    locate: (path) => positionOf(placeOf(document, path).key),
    startOf: (path) => {
      const { value, reached } = placeOf(document, path);
      return reached ? value : undefined;
    },
  };
}

/** An alias for more nodes than this, all of its own aliases counted, is left out. */
const MOST_NODES = 10_000;

/** The value of a document whose aliases multiply, without those; `undefined` where none of them do. */
function withoutLargeAliases(
  document: Document,
): { readonly value: Json; readonly message: string; readonly offset: number } | undefined {
  const { visit, isCollection, isPair, Scalar } = load();
  const weights = new Map<string, number>();
  let first: { readonly name: string; readonly offset: number } | undefined;
  const weigh = (node: unknown): number => {
    if (isPair(node)) return weigh(node.key) + weigh(node.value);
    if (isCollection(node)) return node.items.reduce<number>((sum, item) => sum + weigh(item), 1);
    const source = (node as { source?: unknown } | null)?.source;
    return load().isAlias(node) ? (weights.get(String(source)) ?? MOST_NODES) : 1;
  };
  // In the order of the text: an anchor stands before its aliases, and outside of what it names.
  visit(document, {
    Alias(_key, node) {
      const weight = weights.get(node.source) ?? Number.POSITIVE_INFINITY;
      if (weight < MOST_NODES) return undefined;
      first ??= { name: node.source, offset: node.range?.[0] ?? 0 };
      return new Scalar(null);
    },
    Collection(_key, node) {
      if (node.anchor) weights.set(node.anchor, weigh(node));
    },
    Scalar(_key, node) {
      if (node.anchor) weights.set(node.anchor, 1);
    },
  });
  if (!first) return undefined;
  try {
    const value = document.toJS({ maxAliasCount: -1 }) as Json;
    return {
      value,
      message: `the alias *${first.name} stands for too much, and is left out`,
      offset: first.offset,
    };
  } catch {
    return undefined;
  }
}

function firstAlias(document: Document): number {
  let offset = 0;
  const { visit } = load();
  visit(document, {
    Alias(_key, node) {
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

interface YamlPlace {
  readonly key: number;
  readonly value: number;
  /** The whole path was found, and not behind an alias: what stands there is nowhere else. */
  readonly reached: boolean;
}

function placeOf(document: Document, path: readonly string[]): YamlPlace {
  const { isAlias } = load();
  let node = document.contents as Node | null | undefined;
  let place = { key: node?.range?.[0] ?? 0, value: node?.range?.[0] ?? 0, reached: true };
  for (const segment of path) {
    const aliased = isAlias(node);
    const found = memberOf(document, isAlias(node) ? node.resolve(document) : node, segment);
    if (!found) return { ...place, reached: false };
    node = found.value;
    const value = node?.range?.[0] ?? found.key;
    place = { key: found.key, value, reached: place.reached && !aliased && node?.range !== undefined };
  }
  return { ...place, reached: place.reached && !isAlias(node) };
}

interface Member {
  readonly key: number;
  readonly value: Node | null | undefined;
}

const known = new WeakMap<YAMLMap, ReadonlyMap<string, Member>>();

/** The members of a map by their keys, looked through once: `paths` is asked for each of its operations. */
function membersOf(map: YAMLMap): ReadonlyMap<string, Member> {
  const { isScalar } = load();
  let members = known.get(map) as Map<string, Member> | undefined;
  if (members) return members;
  members = new Map();
  for (const { key, value } of map.items)
    if (isScalar(key) && !members.has(String(key.value)))
      members.set(String(key.value), { key: key.range?.[0] ?? 0, value: value as Node | null });
  known.set(map, members);
  return members;
}

function memberOf(document: Document, node: unknown, segment: string): Member | undefined {
  const { isAlias, isMap, isScalar, isSeq } = load();
  if (isSeq(node)) {
    const item = node.items[Number(segment)] as Node | undefined;
    return item && { key: item.range?.[0] ?? 0, value: item };
  }
  if (!isMap(node)) return undefined;
  const own = membersOf(node).get(segment);
  if (own) return own;
  // `<<: *common`: what is merged in stands where it was written.
  for (const pair of node.items) {
    if (!isScalar(pair.key) || pair.key.source !== "<<" || !isAlias(pair.value)) continue;
    const found = memberOf(document, pair.value.resolve(document), segment);
    if (found) return found;
  }
  return undefined;
}
