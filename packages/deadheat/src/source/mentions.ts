import { COMMANDS } from "./by-hand.ts";
import type { FunctionDefinition, Module } from "./project/definitions.ts";

/** The function in whose text a name stands; none where it stands outside of all. */
export interface Mention {
  readonly module: Module;
  readonly fn?: FunctionDefinition;
}

const CONNECTS = /_migrate\.connect\(\s*(?:\w+\.)*(\w+)\b/g;

/** Where names are mentioned in the texts of a project. */
export class MentionsRead {
  readonly #modules: readonly Module[];
  #connected: ReadonlySet<string> | undefined;
  #words: Words | undefined;

  constructor(modules: readonly Module[]) {
    this.#modules = modules;
  }

  connected(): ReadonlySet<string> {
    this.#connected ??= new Set(this.#modules.flatMap(connectedIn));
    return this.#connected;
  }

  of(name: string): readonly Mention[] {
    if (/\W/.test(name)) return this.#modules.flatMap((one) => mentionsIn(one, name));
    this.#words ??= wordsOf(this.#modules);
    return modulesWith(this.#words, name).flatMap((index) =>
      mentionsIn(this.#modules[index] as Module, name),
    );
  }
}

/** Functions that are connected to what migrations send. */
export function connectedIn({ source: { text } }: Module): string[] {
  if (!text.includes("_migrate.connect(")) return [];
  return [...text.matchAll(CONNECTS)].map((match) => match[1] as string);
}

/** Who mentions `name` in a module that is none of commands: each function once. */
export function mentionsIn(module: Module, name: string): readonly Mention[] {
  const { text } = module.source;
  if (COMMANDS.test(module.path) || !text.includes(name)) return [];
  const found = new Set<FunctionDefinition | undefined>();
  for (const { index } of text.matchAll(new RegExp(`\\b${name}\\b`, "g"))) {
    const line = text.slice(text.lastIndexOf("\n", index) + 1, index);
    const isHead = /^\s*(async\s+)?def\s+$/.test(line);
    const isImport = /^\s*(from\s+\S+\s+)?import\b/.test(line);
    const isListed = /^\s+(\w+,\s*)*$/.test(line);
    const isConnected = /_migrate\.connect\(\s*(\w+\.)*$/.test(text.slice(Math.max(0, index - 80), index));
    if (isHead || isImport || isConnected) continue;
    const around = module.all.find((one) => one.start <= index && index < one.end);
    if (around) found.add(around);
    else if (!isListed) found.add(undefined);
  }
  return [...found].map((fn) => (fn ? { module, fn } : { module }));
}

/** Pairs of a module and where the pair before it, of the same word, is; by word, where its last one is. */
interface Words {
  readonly last: ReadonlyMap<number, number>;
  /** One list: of a list a word, most of the room would be empty. */
  readonly pairs: Numbers;
}

const PIECE = 1 << 14;

/** Numbers in a row, by pieces: what grows by being copied leaves as much behind, at a time when most is kept already. */
class Numbers {
  readonly #pieces: Int32Array[] = [];
  length = 0;

  push(number: number): void {
    const at = this.length++;
    const piece = at % PIECE === 0 ? new Int32Array(PIECE) : (this.#pieces.at(-1) as Int32Array);
    if (at % PIECE === 0) this.#pieces.push(piece);
    piece[at % PIECE] = number;
  }

  at(place: number): number {
    return this.#pieces[Math.floor(place / PIECE)]?.[place % PIECE] as number;
  }
}

const NONE = -1;

/**
 * Modules by the words in their texts, as far as those are names of functions, or are taken for such: a look at all
 * texts for each name would take longer than all else.
 */
function wordsOf(modules: readonly Module[]): Words {
  const last = new Map<number, number>();
  const pairs = new Numbers();
  for (const { all } of modules) for (const { name } of all) last.set(hashOf(name, 0, name.length), NONE);
  for (const [index, module] of modules.entries()) {
    const { text } = module.source;
    for (let at = 0; at < text.length; at++) {
      if (!isWord(text.charCodeAt(at))) continue;
      let hash = FIRST;
      let code = text.charCodeAt(at);
      for (; isWord(code); code = text.charCodeAt(++at)) hash = Math.imul(hash ^ code, PRIME);
      const before = last.get(hash);
      if (before === undefined || (before !== NONE && pairs.at(before) === index)) continue;
      last.set(hash, pairs.length);
      pairs.push(index);
      pairs.push(before);
    }
  }
  return { last, pairs };
}

function modulesWith({ last, pairs }: Words, name: string): number[] {
  const found: number[] = [];
  for (let at = last.get(hashOf(name, 0, name.length)) ?? NONE; at !== NONE; at = pairs.at(at + 1))
    found.push(pairs.at(at));
  return found.reverse();
}

const FIRST = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

function hashOf(text: string, from: number, to: number): number {
  let hash = FIRST;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

/** By character, as `\b` has it. */
const IS_WORD = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));

function isWord(code: number): boolean {
  return IS_WORD[code] === 1;
}
