import type { TreeReader } from "../parse/decode.ts";
import { decodeFunction, decodeSignature } from "../parse/decode-definition.ts";
import type { Argument, Expression, FunctionNode, Statement } from "../parse/syntax.ts";
import type { SourceText } from "../parse/text.ts";

/** A `.py` file and what it defines at its top level. */
export interface Module {
  /** Relative to the checked path, with `/`. */
  readonly path: string;
  /** `shop.orders.models`, from the path. */
  readonly name: string;
  readonly isPackage: boolean;
  readonly source: SourceText;
  readonly imports: Map<string, ImportTarget>;
  /** Modules whose names are all imported, as dotted names. */
  readonly stars: string[];
  readonly classes: Map<string, ClassDefinition>;
  readonly functions: Map<string, FunctionDefinition>;
  /** Names assigned at the top level. */
  readonly values: Map<string, Expression>;
  /** What is added to such a name later: `urlpatterns += …`. */
  readonly additions: Map<string, Expression[]>;
  /** Calls at the top level: `router.register(…)`. */
  readonly calls: { readonly text: string; readonly args: readonly Argument[]; readonly start: number }[];
  /** All functions, methods included, in the order of the text. */
  readonly all: FunctionDefinition[];
}

export interface ImportTarget {
  readonly module: string;
  readonly name?: string;
}

export interface ClassDefinition {
  readonly kind: "class";
  readonly name: string;
  readonly module: Module;
  readonly start: number;
  readonly bases: readonly Argument[];
  readonly attributes: Map<string, Expression>;
  readonly methods: Map<string, FunctionDefinition>;
  readonly inner: Map<string, ClassDefinition>;
}

/** A function or method. Its body is decoded each time it is asked for, and not kept. */
export class FunctionDefinition {
  readonly kind = "function";
  readonly name: string;
  /** `Class.method` or `name`. */
  readonly qualified: string;
  readonly module: Module;
  readonly owner: ClassDefinition | undefined;
  readonly start: number;
  readonly end: number;
  readonly #reader: TreeReader | undefined;
  readonly #node: number;
  #decoded: FunctionNode | undefined;
  #signature: Pick<FunctionNode, "parameters" | "decorators"> | undefined;

  constructor(options: {
    readonly name: string;
    readonly module: Module;
    readonly owner?: ClassDefinition | undefined;
    readonly reader?: TreeReader;
    readonly node?: number;
    readonly decoded?: FunctionNode;
    readonly start: number;
    readonly end: number;
  }) {
    this.name = options.name;
    this.module = options.module;
    this.owner = options.owner;
    this.qualified = options.owner ? `${options.owner.name}.${options.name}` : options.name;
    this.#reader = options.reader;
    this.#node = options.node ?? 0;
    this.#decoded = options.decoded;
    this.start = options.start;
    this.end = options.end;
  }

  decode(): FunctionNode {
    if (this.#decoded) return this.#decoded;
    const reader = this.#reader!;
    const statement = reader.statement(this.#node) as Statement;
    if (statement.kind === "function") return statement;
    return decodeFunction(reader, this.#node, [], { start: this.start, end: this.end });
  }

  /** Asked for at each call, hence kept. */
  signature(): Pick<FunctionNode, "parameters" | "decorators"> {
    this.#signature ??= this.#decoded ?? decodeSignature(this.#reader!, this.#node);
    return this.#signature;
  }

  text(): string {
    return this.module.source.text.slice(this.start, this.end);
  }
}

/** What a name stands for. */
export type Definition =
  | ClassDefinition
  | FunctionDefinition
  | { readonly kind: "module"; readonly module: Module }
  | { readonly kind: "value"; readonly module: Module; readonly expression: Expression }
  | { readonly kind: "external"; readonly dotted: string };
