import { sharedWhole } from "../parse/shared-text.ts";
import type { Argument, Expression, FunctionNode } from "../parse/syntax.ts";
import type { SourceText } from "../parse/text.ts";
import type { ExpressionMap } from "./expression-map.ts";

/** A `.py` file and what it defines at its top level. */
export interface Module {
  /** Relative to the checked path, with `/`. */
  readonly path: string;
  /** `shop.orders.models`, from the path. */
  readonly name: string;
  readonly isPackage: boolean;
  readonly source: SourceText;
  readonly imports: ReadonlyMap<string, ImportTarget>;
  /** Modules whose names are all imported, as dotted names. */
  readonly stars: string[];
  readonly classes: ReadonlyMap<string, ClassDefinition>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** Names assigned at the top level. */
  readonly values: ExpressionMap;
  /** What is added to such a name later: `urlpatterns += …`. */
  readonly additions: ReadonlyMap<string, readonly Expression[]>;
  /** Calls at the top level: `router.register(…)`. */
  readonly calls: { readonly text: string; readonly args: readonly Argument[]; readonly start: number }[];
  /** Spans that were not understood when a function was asked for: the one that starts at `of`. */
  readonly misread: { readonly start: number; readonly end: number; readonly of: number }[];
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
  /** `Outer.Inner`, or its name. */
  readonly qualified: string;
  readonly module: Module;
  readonly start: number;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expression[];
  readonly attributes: ExpressionMap;
  /** Types that are written beside attributes, in order; most classes have none. */
  readonly annotations?: ExpressionMap;
  readonly methods: ReadonlyMap<string, FunctionDefinition>;
  readonly inner: ReadonlyMap<string, ClassDefinition>;
}

/** Where functions' syntax comes from: one for all of a file, as a rule. */
export interface FunctionSource {
  /** The whole function; `undefined` where nothing of it was understood. */
  readonly decode: (fn: FunctionDefinition) => FunctionNode | undefined;
  /** Parameters and decorators alone. */
  readonly signature: (fn: FunctionDefinition) => Pick<FunctionNode, "parameters" | "decorators">;
}

/** The owner of a method whose file has not been parsed yet. */
export const LATER = Symbol("later");

let reader: ((fn: FunctionDefinition) => void) | undefined;

/** Runs `body`; `read` is told of each function whose text was looked at meanwhile. */
export function observeReads<T>(read: ((fn: FunctionDefinition) => void) | undefined, body: () => T): T {
  const before = reader;
  reader = read;
  try {
    return body();
  } finally {
    reader = before;
  }
}

/** A function or method. Its body is decoded each time it is asked for, and not kept. */
export class FunctionDefinition {
  readonly kind = "function";
  readonly name: string;
  /** `Class.method` or `name`. */
  readonly qualified: string;
  readonly module: Module;
  /** Its place among the functions of its module. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** After the colon that ends its head; unknown in a file that had to be parsed whole. */
  readonly headEnd: number | undefined;
  /** Called by Django with a request, as far as it is known (`isEntryFunction`). */
  isEntry: boolean | undefined;
  #owner: ClassDefinition | undefined | typeof LATER;
  readonly #source: FunctionSource;

  constructor(options: {
    readonly name: string;
    readonly module: Module;
    readonly index: number;
    readonly owner?: ClassDefinition | undefined | typeof LATER;
    /** Where its owner is not known yet. */
    readonly qualified?: string;
    readonly source: FunctionSource;
    readonly start: number;
    readonly end: number;
    readonly headEnd?: number;
  }) {
    const { owner } = options;
    this.name = options.name;
    this.module = options.module;
    this.index = options.index;
    this.#owner = owner;
    this.qualified =
      options.qualified ??
      (owner && owner !== LATER ? sharedWhole(`${owner.name}.${options.name}`) : options.name);
    this.#source = options.source;
    this.start = options.start;
    this.end = options.end;
    this.headEnd = options.headEnd;
  }

  get owner(): ClassDefinition | undefined {
    // Who parses a file tells its functions whose they are.
    if (this.#owner === LATER) void this.module.classes;
    return this.#owner === LATER ? undefined : this.#owner;
  }

  /** Whether it has an owner: known without it, for whose sake a file may have to be parsed. */
  get isMethod(): boolean {
    return this.qualified !== this.name;
  }

  belongsTo(owner: ClassDefinition | undefined): void {
    this.#owner = owner;
  }

  decode(): FunctionNode {
    reader?.(this);
    const node = this.#source.decode(this);
    if (!node)
      return {
        kind: "function",
        name: this.name,
        parameters: [],
        decorators: [],
        body: [],
        start: this.start,
        end: this.end,
      };
    return node;
  }

  /** Not kept either: read again at each call it takes no time that could be measured, and much less room. */
  signature(): Pick<FunctionNode, "parameters" | "decorators"> {
    return this.#source.signature(this);
  }

  /** The text up to the body: decorators, name, parameters. */
  head(): string {
    const text = this.module.source.text.slice(this.start, Math.min(this.end, this.start + 1200));
    const at = text.search(/^\s*(async\s+)?def\s/m);
    return text.slice(0, at < 0 ? 200 : at + 400);
  }

  text(): string {
    reader?.(this);
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
