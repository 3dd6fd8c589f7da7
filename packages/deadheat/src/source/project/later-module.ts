import { type Grammar, NO_GRAMMAR } from "../parse/grammar.ts";
import { bodiesOf, parsePython } from "../parse/parse.ts";
import { SourceText } from "../parse/text.ts";
import { FunctionDefinition, LATER, type Module } from "./definitions.ts";
import { BodySource, emptyParts, type ModuleParts, namedBy, scanParts } from "./scan.ts";

/** A function as an earlier run found it. */
export interface KnownFunction {
  readonly qualified: string;
  readonly start: number;
  readonly end: number;
  readonly headEnd: number;
  readonly isMethod: boolean;
  readonly isEntry: boolean;
}

/**
 * A file that is what it was in an earlier run: read where somebody asks for its text, parsed where somebody asks for
 * what stands outside of its functions. Those are known.
 */
export class LaterModule implements Module {
  readonly path: string;
  readonly name: string;
  readonly isPackage: boolean;
  readonly misread: Module["misread"] = [];
  readonly #read: () => string;
  readonly #functions: (() => readonly KnownFunction[]) | undefined;
  readonly #grammar: Grammar;
  readonly #bodies: BodySource;
  #source: SourceText | undefined;
  #all: FunctionDefinition[] | undefined;
  #parts: ModuleParts | undefined;

  /** `functions`: unknown where the file had to be parsed whole. */
  constructor(
    path: string,
    read: () => string,
    functions: (() => readonly KnownFunction[]) | undefined,
    grammar: Grammar = NO_GRAMMAR,
  ) {
    const { name, isPackage } = namedBy(path);
    this.path = path;
    this.name = name;
    this.isPackage = isPackage;
    this.#read = read;
    this.#functions = functions;
    this.#grammar = grammar;
    this.#bodies = new BodySource(this, () => bodiesOf(this.source.text, grammar));
  }

  get source(): SourceText {
    this.#source ??= new SourceText(this.#read());
    return this.#source;
  }

  get all(): FunctionDefinition[] {
    if (!this.#functions) return this.parts.all;
    this.#all ??= this.#functions().map((one, index) => this.functionOf(one, index));
    return this.#all;
  }

  private functionOf(one: KnownFunction, index: number): FunctionDefinition {
    const { qualified, start, end, headEnd, isMethod, isEntry } = one;
    const name = qualified.slice(qualified.lastIndexOf(".") + 1);
    const owner = isMethod ? LATER : undefined;
    const found = new FunctionDefinition({
      ...{ name, qualified, module: this, index, owner, source: this.#bodies, start, end, headEnd },
    });
    found.isEntry = isEntry;
    return found;
  }

  private get parts(): ModuleParts {
    if (this.#parts) return this.#parts;
    const { text } = this.source;
    const known = this.#functions && this.all;
    const parts = emptyParts(text);
    scanParts(this, parts, parsePython(text, this.#grammar), known);
    this.#parts = parts;
    return parts;
  }

  get imports(): Module["imports"] {
    return this.parts.imports;
  }

  get stars(): Module["stars"] {
    return this.parts.stars;
  }

  get classes(): Module["classes"] {
    return this.parts.classes;
  }

  get functions(): Module["functions"] {
    return this.parts.functions;
  }

  get values(): Module["values"] {
    return this.parts.values;
  }

  get additions(): Module["additions"] {
    return this.parts.additions;
  }

  get calls(): Module["calls"] {
    return this.parts.calls;
  }
}
