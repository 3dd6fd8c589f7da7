import type { FunctionSpan } from "../parse/outline.ts";
import type { ParsedFile } from "../parse/parse.ts";
import { sharedWhole } from "../parse/shared-text.ts";
import type { ClassNode, FunctionNode, Statement } from "../parse/syntax.ts";
import { SourceText } from "../parse/text.ts";
import { type ClassDefinition, FunctionDefinition, type FunctionSource, type Module } from "./definitions.ts";
import { ExpressionMap } from "./expression-map.ts";
import { textOf } from "./project.ts";
import { SmallMap } from "./small-map.ts";

/** What a parsed file defines: one pass over its top level and its classes, function bodies untouched. */
export function scanModule(path: string, text: string, parsed: ParsedFile): Module {
  const source = new SourceText(text);
  const parts = emptyParts(text);
  const module: Module = Object.assign(parts, { path, ...namedBy(path), source, misread: [] });
  scanParts(module, parts, parsed);
  return module;
}

/** The name of a module by its path. */
export function namedBy(path: string): Pick<Module, "name" | "isPackage"> {
  const isPackage = /(^|\/)__init__\.py$/.test(path);
  const name = path
    .replace(/\.py$/, "")
    .replace(/(^|\/)__init__$/, "")
    .replaceAll("/", ".");
  return { name, isPackage };
}

/** What only parsing a file tells of it. */
export type ModuleParts = Growing<Omit<Module, "path" | "name" | "isPackage" | "source" | "misread">>;

export function emptyParts(text: string): ModuleParts {
  return {
    imports: NOTHING,
    stars: [],
    classes: NOTHING,
    functions: NOTHING,
    values: new ExpressionMap(text),
    additions: NOTHING,
    calls: [],
    all: [],
  };
}

/** Fills the `parts` of `module`. `known`: its functions, where they were known before it was parsed. */
export function scanParts(
  module: Module,
  parts: ModuleParts,
  parsed: ParsedFile,
  known?: readonly FunctionDefinition[],
): void {
  // Not the parsed file itself: it holds all statements.
  const { body, head } = parsed;
  const bodies = { body, head };
  const scan = { module, parts, parsed, known, source: new BodySource(module, () => bodies) };
  for (const statement of parsed.statements) scanStatement(scan, statement);
  // What was added to one by one has room for more.
  parts.all = parts.all.slice();
  parts.calls = parts.calls.slice();
}

/** Most of a large project's classes and files lack most of this: one map for all that have none. */
const NOTHING = SmallMap.empty;

type Growing<T> = { -readonly [K in keyof T]: T[K] };

interface Scan {
  readonly module: Module;
  readonly parts: ModuleParts;
  readonly parsed: ParsedFile;
  readonly source: FunctionSource;
  readonly known: readonly FunctionDefinition[] | undefined;
}

function scanStatement(scan: Scan, statement: Statement): void {
  switch (statement.kind) {
    case "import":
      scanImport(scan, statement);
      return;
    case "class":
      addClass(scan, statement);
      return;
    case "function":
      addFunction(scan, statement, undefined);
      return;
    case "pass":
      addLater(scan, statement.start, undefined);
      return;
    case "assign":
    case "augment":
    case "expression":
      noteValue(scan.parts, statement);
      return;
    default:
      // `try: import a except ImportError: …`, `if TYPE_CHECKING:`.
      for (const inner of innerOf(statement)) scanStatement(scan, inner);
  }
}

/** What is in the arms of a statement of the top level or of a class, in order. */
function innerOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case "if":
      return [...statement.whenTrue, ...statement.otherwise];
    case "try":
      return [
        ...statement.body,
        ...statement.handlers.flatMap((one) => one.body),
        ...statement.otherwise,
        ...statement.cleanup,
      ];
    case "with":
      return statement.body;
    default:
      return [];
  }
}

function addClass(scan: Scan, node: ClassNode): void {
  const found = scanClass(scan, node, node.name);
  scan.parts.classes = SmallMap.with(scan.parts.classes, node.name, found);
}

function noteValue(parts: ModuleParts, statement: Statement): void {
  if (statement.kind === "assign" && statement.target.kind === "name" && statement.value)
    parts.values.set(statement.target.id, statement.value);
  else if (statement.kind === "augment" && statement.target.kind === "name")
    parts.additions = SmallMap.with(parts.additions, statement.target.id, [
      ...(parts.additions.get(statement.target.id) ?? []),
      statement.value,
    ]);
  else if (statement.kind === "expression" && statement.value.kind === "call")
    parts.calls.push({
      text: textOf(statement.value.callee),
      args: statement.value.args,
      start: statement.value.start,
    });
}

function scanImport({ module, parts }: Scan, statement: Statement & { readonly kind: "import" }): void {
  for (const [name, target] of importTargets(module, statement)) {
    if (name === "*") parts.stars.push(target.module);
    else parts.imports = SmallMap.with(parts.imports, name, target);
  }
}

/** Local names of an import statement, with what they stand for. */
export function importTargets(
  module: Module,
  statement: {
    readonly level: number;
    readonly from?: string;
    readonly names: readonly { readonly name: string; readonly alias?: string }[];
  },
): [string, { readonly module: string; readonly name?: string }][] {
  const { level, from, names } = statement;
  if (from === undefined)
    return names.map(({ name, alias }) =>
      alias
        ? [alias, { module: name }]
        : [name.split(".")[0] as string, { module: name.split(".")[0] as string }],
    );
  const base = level > 0 ? packageAt(module, level) : "";
  const whole = [base, from].filter((part) => part !== "").join(".");
  const source = sharedWhole(whole);
  return names.map(({ name, alias }) => [
    name === "*" ? "*" : (alias ?? name),
    name === "*" ? { module: source } : { module: source, name },
  ]);
}

function packageAt(module: Module, level: number): string {
  const parts = module.name.split(".");
  const up = module.isPackage ? level - 1 : level;
  return parts.slice(0, Math.max(0, parts.length - up)).join(".");
}

/** A function of a file that was parsed whole. */
function addFunction(scan: Scan, node: FunctionNode, owner: Growing<ClassDefinition> | undefined): void {
  const { module, parts } = scan;
  const { name, start, end } = node;
  const source: FunctionSource = { decode: () => node, signature: () => node };
  const index = parts.all.length;
  add(scan, owner, new FunctionDefinition({ name, module, index, owner, source, start, end }));
}

/** A function that was left out of the parsed text: `pass` stands in its place. */
function addLater(scan: Scan, at: number, owner: Growing<ClassDefinition> | undefined): void {
  const { module, parts, parsed } = scan;
  const span = parsed.functions.get(at);
  if (!span) return;
  const index = parts.all.length;
  const known = scan.known?.[index];
  known?.belongsTo(owner);
  const { name, start, end, headEnd } = span;
  const { source } = scan;
  const made = () => new FunctionDefinition({ name, module, index, owner, source, start, end, headEnd });
  add(scan, owner, known ?? made());
}

/** The functions of a file, each parsed by its place. */
export class BodySource implements FunctionSource {
  readonly #module: Module;
  readonly #bodies: () => Pick<ParsedFile, "body" | "head">;

  constructor(module: Module, bodies: () => Pick<ParsedFile, "body" | "head">) {
    this.#module = module;
    this.#bodies = bodies;
  }

  decode(fn: FunctionDefinition): FunctionNode | undefined {
    const { node, errors } = this.#bodies().body(this.spanOf(fn));
    const of = fn.start;
    for (const { start, end } of errors) this.#module.misread.push({ start, end, of });
    return node;
  }

  signature(fn: FunctionDefinition): ReturnType<FunctionSource["signature"]> {
    return this.#bodies().head(this.spanOf(fn));
  }

  private spanOf({ name, start, end, headEnd }: FunctionDefinition): FunctionSpan {
    const lineStart = this.#module.source.text.lastIndexOf("\n", start - 1) + 1;
    return { name, lineStart, start, headEnd: headEnd as number, end };
  }
}

function add({ parts }: Scan, owner: Growing<ClassDefinition> | undefined, found: FunctionDefinition): void {
  parts.all.push(found);
  const { name } = found;
  // `@property def f` followed by `@f.setter def f`: the getter is what a reader of `x.f` runs.
  if ((owner ? owner.methods : parts.functions).has(name) && isSetter(found)) {
    if (owner) owner.methods = SmallMap.with(owner.methods, setterOf(name), found);
    return;
  }
  if (owner) owner.methods = SmallMap.with(owner.methods, name, found);
  else parts.functions = SmallMap.with(parts.functions, name, found);
}

/** Under which name the methods of a class have what runs at `x.name = …`. */
export function setterOf(name: string): string {
  return `${name}=`;
}

function isSetter({ module, start }: FunctionDefinition): boolean {
  const { text } = module.source;
  const end = text.indexOf("\n", start);
  return /^@\w+\.(setter|deleter)\s*$/m.test(text.slice(start, end < 0 ? undefined : end));
}

function scanClass(scan: Scan, node: ClassNode, qualified: string): ClassDefinition {
  const found: Growing<ClassDefinition> = {
    kind: "class",
    name: node.name,
    qualified,
    module: scan.module,
    start: node.start,
    bases: node.bases,
    decorators: node.decorators,
    attributes: new ExpressionMap(scan.module.source.text),
    methods: NOTHING,
    inner: NOTHING,
  };
  for (const statement of node.body) scanMember(scan, found, statement);
  return found;
}

function scanMember(scan: Scan, owner: Growing<ClassDefinition>, statement: Statement): void {
  switch (statement.kind) {
    case "class":
      owner.inner = SmallMap.with(
        owner.inner,
        statement.name,
        scanClass(scan, statement, sharedWhole(`${owner.qualified}.${statement.name}`)),
      );
      return;
    case "function":
      addFunction(scan, statement, owner);
      return;
    case "pass":
      addLater(scan, statement.start, owner);
      return;
    case "assign": {
      const value = statement.value ?? statement.annotation;
      if (statement.target.kind === "name" && value) owner.attributes.set(statement.target.id, value);
      if (statement.target.kind === "name" && statement.annotation) {
        owner.annotations ??= new ExpressionMap(scan.module.source.text);
        owner.annotations.set(statement.target.id, statement.annotation);
      }
      return;
    }
    case "if":
    case "try":
      for (const inner of innerOf(statement)) scanMember(scan, owner, inner);
  }
}
