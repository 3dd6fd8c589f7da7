import type { FunctionSpan } from "../parse/outline.ts";
import type { ParsedFile } from "../parse/parse.ts";
import type { ClassNode, FunctionNode, Statement } from "../parse/syntax.ts";
import { SourceText } from "../parse/text.ts";
import { type ClassDefinition, FunctionDefinition, type FunctionSource, type Module } from "./definitions.ts";
import { ExpressionMap } from "./expression-map.ts";
import { textOf } from "./project.ts";

/** What a parsed file defines: one pass over its top level and its classes, function bodies untouched. */
export function scanModule(path: string, text: string, parsed: ParsedFile): Module {
  const isPackage = /(^|\/)__init__\.py$/.test(path);
  const name = path
    .replace(/\.py$/, "")
    .replace(/(^|\/)__init__$/, "")
    .replaceAll("/", ".");
  const module: Growing<Module> = {
    path,
    name,
    isPackage,
    source: new SourceText(text),
    imports: NOTHING,
    stars: [],
    classes: NOTHING,
    functions: NOTHING,
    values: new ExpressionMap(text),
    additions: NOTHING,
    calls: [],
    misread: [],
    all: [],
  };
  for (const statement of parsed.statements) scanStatement({ module, parsed }, statement);
  return module;
}

/** Most of a large project's classes and files lack most of this: one map for all that have none. */
const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** `map` with one more in it. */
function having<V>(map: ReadonlyMap<string, V>, name: string, value: V): ReadonlyMap<string, V> {
  if (map === NOTHING) return new Map([[name, value]]);
  return (map as Map<string, V>).set(name, value);
}

interface Scan {
  readonly module: Growing<Module>;
  readonly parsed: ParsedFile;
}

function scanStatement(scan: Scan, statement: Statement): void {
  switch (statement.kind) {
    case "import":
      scanImport(scan.module, statement);
      return;
    case "class":
      addClass(scan, statement);
      return;
    case "function":
      addFunction(scan.module, statement, undefined);
      return;
    case "pass":
      addLater(scan, statement.start, undefined);
      return;
    case "assign":
    case "augment":
    case "expression":
      noteValue(scan.module, statement);
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
  const found = scanClass(scan, node);
  scan.module.classes = having(scan.module.classes, node.name, found);
}

function noteValue(module: Growing<Module>, statement: Statement): void {
  if (statement.kind === "assign" && statement.target.kind === "name" && statement.value)
    module.values.set(statement.target.id, statement.value);
  else if (statement.kind === "augment" && statement.target.kind === "name")
    module.additions = having(module.additions, statement.target.id, [
      ...(module.additions.get(statement.target.id) ?? []),
      statement.value,
    ]);
  else if (statement.kind === "expression" && statement.value.kind === "call")
    module.calls.push({
      text: textOf(statement.value.callee),
      args: statement.value.args,
      start: statement.value.start,
    });
}

function scanImport(module: Growing<Module>, statement: Statement & { readonly kind: "import" }): void {
  for (const [name, target] of importTargets(module, statement)) {
    if (name === "*") module.stars.push(target.module);
    else module.imports = having(module.imports, name, target);
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
  return names.map(({ name, alias }) => [
    name === "*" ? "*" : (alias ?? name),
    name === "*" ? { module: whole } : { module: whole, name },
  ]);
}

function packageAt(module: Module, level: number): string {
  const parts = module.name.split(".");
  const up = module.isPackage ? level - 1 : level;
  return parts.slice(0, Math.max(0, parts.length - up)).join(".");
}

/** A function of a file that was parsed whole. */
function addFunction(
  module: Growing<Module>,
  node: FunctionNode,
  owner: Growing<ClassDefinition> | undefined,
): void {
  const { name, start, end } = node;
  const source: FunctionSource = { decode: () => node, signature: () => node };
  add(module, owner, new FunctionDefinition({ name, module, owner, source, start, end }));
}

/** A function that was left out of the parsed text: `pass` stands in its place. */
function addLater({ module, parsed }: Scan, at: number, owner: Growing<ClassDefinition> | undefined): void {
  const span = parsed.functions.get(at);
  if (!span) return;
  const source = new LaterSource(module, parsed, span);
  const { name, start, end, headEnd } = span;
  add(module, owner, new FunctionDefinition({ name, module, owner, source, start, end, headEnd }));
}

/** One a function: closures, each with what it closes over, would be the larger part of a large project. */
class LaterSource implements FunctionSource {
  readonly #module: Module;
  // Not the parsed file itself: it holds all statements.
  readonly #body: ParsedFile["body"];
  readonly #head: ParsedFile["head"];
  readonly #span: FunctionSpan;

  constructor(module: Module, { body, head }: ParsedFile, span: FunctionSpan) {
    this.#module = module;
    this.#body = body;
    this.#head = head;
    this.#span = span;
  }

  decode(): FunctionNode | undefined {
    const { node, errors } = this.#body(this.#span);
    if (errors.length > 0) this.#module.misread.push(...errors);
    return node;
  }

  signature(): ReturnType<FunctionSource["signature"]> {
    return this.#head(this.#span);
  }
}

function add(
  module: Growing<Module>,
  owner: Growing<ClassDefinition> | undefined,
  found: FunctionDefinition,
): void {
  module.all.push(found);
  const { name } = found;
  // `@property def f` followed by `@f.setter def f`: the getter is what a reader of `x.f` runs.
  if ((owner ? owner.methods : module.functions).has(name) && isSetter(found)) {
    if (owner) owner.methods = having(owner.methods, setterOf(name), found);
    return;
  }
  if (owner) owner.methods = having(owner.methods, name, found);
  else module.functions = having(module.functions, name, found);
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

function scanClass(scan: Scan, node: ClassNode): ClassDefinition {
  const found: Growing<ClassDefinition> = {
    kind: "class",
    name: node.name,
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
      owner.inner = having(owner.inner, statement.name, scanClass(scan, statement));
      return;
    case "function":
      addFunction(scan.module, statement, owner);
      return;
    case "pass":
      addLater(scan, statement.start, owner);
      return;
    case "assign": {
      const value = statement.value ?? statement.annotation;
      if (statement.target.kind === "name" && value) owner.attributes.set(statement.target.id, value);
      return;
    }
    case "if":
    case "try":
      for (const inner of innerOf(statement)) scanMember(scan, owner, inner);
  }
}
