import { type Decoder, decodeExpression } from "./decode-expression.ts";
import { decodeStatement } from "./decode-statement.ts";
import type { FlatTree } from "./flat.ts";
import type { Grammar } from "./grammar.ts";
import type { Expression, Statement } from "./syntax.ts";

/** Past this depth an expression is not looked into: nobody nests by hand like that. */
const DEEPEST = 200;

/** Makes statements and expressions of one file's flat tree, as they are asked for. */
export class TreeReader implements Decoder {
  readonly tree: FlatTree;
  readonly text: string;
  readonly #types: readonly string[];
  readonly #fields: readonly (string | null)[];
  #depth = 0;

  constructor(tree: FlatTree, text: string, grammar: Pick<Grammar, "types" | "fields">) {
    this.tree = tree;
    this.text = text;
    this.#types = grammar.types;
    this.#fields = grammar.fields;
  }

  type(node: number): string {
    return this.#types[this.tree.types[node]!] ?? "ERROR";
  }

  fieldOf(node: number): string | null {
    return this.#fields[this.tree.fields[node]!] ?? null;
  }

  slice(node: number): string {
    return this.text.slice(this.tree.starts[node]!, this.tree.ends[node]!);
  }

  children(node: number): number[] {
    const found: number[] = [];
    const end = this.tree.afters[node]!;
    for (let at = node + 1; at < end; at = this.tree.afters[at]!) found.push(at);
    return found;
  }

  field(node: number, name: string): number | undefined {
    const end = this.tree.afters[node]!;
    for (let at = node + 1; at < end; at = this.tree.afters[at]!) if (this.fieldOf(at) === name) return at;
    return undefined;
  }

  expression(node: number): Expression {
    if (this.#depth >= DEEPEST)
      return { kind: "other", parts: [], start: this.tree.starts[node]!, end: this.tree.ends[node]! };
    this.#depth++;
    try {
      return decodeExpression(this, node);
    } finally {
      this.#depth--;
    }
  }

  statement(node: number): Statement | readonly Statement[] {
    if (this.#depth >= DEEPEST)
      return { kind: "pass", start: this.tree.starts[node]!, end: this.tree.ends[node]! };
    this.#depth++;
    try {
      return decodeStatement(this, node);
    } finally {
      this.#depth--;
    }
  }

  /** All statements under a block, a module or a span that did not parse. */
  block(node: number | undefined): Statement[] {
    if (node === undefined) return [];
    return this.children(node).flatMap((child) => this.statement(child));
  }

  module(): Statement[] {
    return this.tree.size === 0 ? [] : this.block(0);
  }
}
