import type { TreeReader } from "../parse/decode.ts";
import { decodeSignature } from "../parse/decode-definition.ts";
import type { ParsedFile } from "../parse/parse.ts";
import type { FunctionNode, Statement } from "../parse/syntax.ts";
import { SourceText } from "../parse/text.ts";
import { type ClassDefinition, FunctionDefinition, type FunctionSource, type Module } from "./definitions.ts";
import { textOf } from "./project.ts";

/** What a parsed file defines: one pass over its top level and its classes, function bodies untouched. */
export function scanModule(path: string, text: string, parsed: ParsedFile): Module {
  const isPackage = /(^|\/)__init__\.py$/.test(path);
  const name = path
    .replace(/\.py$/, "")
    .replace(/(^|\/)__init__$/, "")
    .replaceAll("/", ".");
  const module: Module = {
    path,
    name,
    isPackage,
    source: new SourceText(text),
    imports: new Map(),
    stars: [],
    classes: new Map(),
    functions: new Map(),
    values: new Map(),
    additions: new Map(),
    calls: [],
    misread: [],
    all: [],
  };
  for (const reader of parsed.readers) {
    const scan: Scan = { module, reader, parsed };
    if (reader.tree.size > 0) for (const child of reader.children(0)) scanStatement(scan, child);
  }
  return module;
}

interface Scan {
  readonly module: Module;
  readonly reader: TreeReader;
  readonly parsed: ParsedFile;
}

function scanStatement(scan: Scan, node: number): void {
  const { module, reader } = scan;
  switch (reader.type(node)) {
    case "import_statement":
    case "import_from_statement":
      scanImport(module, reader, node);
      return;
    case "function_definition":
    case "decorated_definition":
    case "class_definition":
      scanDefinition(scan, node, undefined);
      return;
    case "pass_statement":
      addLater(scan, node, undefined);
      return;
    case "expression_statement": {
      for (const one of [reader.statement(node)].flat()) noteValue(module, one);
      return;
    }
    // `try: import a except ImportError: …`, `if TYPE_CHECKING:`, and what did not parse.
    case "if_statement":
    case "try_statement":
    case "elif_clause":
    case "else_clause":
    case "except_clause":
    case "finally_clause":
    case "with_statement":
    case "block":
    case "ERROR":
      for (const child of reader.children(node)) scanStatement(scan, child);
  }
}

function noteValue(module: Module, statement: Statement): void {
  if (statement.kind === "assign" && statement.target.kind === "name" && statement.value)
    module.values.set(statement.target.id, statement.value);
  else if (statement.kind === "augment" && statement.target.kind === "name")
    module.additions.set(statement.target.id, [
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

function scanImport(module: Module, reader: TreeReader, node: number): void {
  const statement = [reader.statement(node)].flat()[0];
  if (statement?.kind !== "import") return;
  for (const [name, target] of importTargets(module, statement)) {
    if (name === "*") module.stars.push(target.module);
    else module.imports.set(name, target);
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

function scanDefinition(scan: Scan, node: number, owner: ClassDefinition | undefined): void {
  const { module, reader } = scan;
  const isDecorated = reader.type(node) === "decorated_definition";
  const definition = isDecorated ? reader.field(node, "definition") : node;
  if (definition === undefined) return;
  const nameNode = reader.field(definition, "name");
  const name = nameNode === undefined ? "" : reader.slice(nameNode);
  const start = reader.tree.starts[node]!;
  const end = reader.tree.ends[node]!;
  if (reader.type(definition) === "class_definition") {
    const decorators = reader
      .children(node)
      .filter((child) => isDecorated && reader.type(child) === "decorator")
      .flatMap((child) => reader.children(child).slice(0, 1))
      .map((child) => reader.expression(child));
    const found = scanClass(scan, definition, name, start, decorators);
    (owner ? owner.inner : module.classes).set(name, found);
    return;
  }
  if (reader.type(definition) !== "function_definition") return;
  const source: FunctionSource = {
    decode: () => functionAt(reader, node),
    signature: () => decodeSignature(reader, node),
  };
  add(module, owner, new FunctionDefinition({ name, module, owner, source, start, end }));
}

/** A function that was left out of the parsed text: `pass` stands in its place. */
function addLater({ module, reader, parsed }: Scan, node: number, owner: ClassDefinition | undefined): void {
  const span = parsed.functions.get(reader.tree.starts[node]!);
  if (!span) return;
  const decoded = (): ReturnType<typeof parsed.body> => {
    const body = parsed.body(span);
    module.misread.push(...body.reader.tree.errors);
    return body;
  };
  const source: FunctionSource = {
    decode: () => {
      const body = decoded();
      return body.node === undefined ? undefined : functionAt(body.reader, body.node);
    },
    signature: () => {
      const body = parsed.head(span);
      return body.node === undefined
        ? { parameters: [], decorators: [] }
        : decodeSignature(body.reader, body.node);
    },
  };
  const { name, start, end } = span;
  add(module, owner, new FunctionDefinition({ name, module, owner, source, start, end }));
}

function functionAt(reader: TreeReader, node: number): FunctionNode | undefined {
  const [statement] = [reader.statement(node)].flat();
  return statement?.kind === "function" ? statement : undefined;
}

function add(module: Module, owner: ClassDefinition | undefined, found: FunctionDefinition): void {
  module.all.push(found);
  const key = owner ? owner.methods : module.functions;
  // `@property def f` followed by `@f.setter def f`: the getter is what a reader of `x.f` runs.
  const isSetter = /^@\w+\.(setter|deleter)\s*$/m.test(firstLineOf(found));
  if (!(isSetter && key.has(found.name))) key.set(found.name, found);
}

function firstLineOf({ module, start }: FunctionDefinition): string {
  const end = module.source.text.indexOf("\n", start);
  return module.source.text.slice(start, end < 0 ? undefined : end);
}

function scanClass(
  scan: Scan,
  node: number,
  name: string,
  start: number,
  decorators: ClassDefinition["decorators"],
): ClassDefinition {
  const { module, reader } = scan;
  const bases = reader.field(node, "superclasses");
  const found: ClassDefinition = {
    kind: "class",
    name,
    module,
    start,
    bases: bases === undefined ? [] : reader.children(bases).map((child) => ({ ...baseOf(reader, child) })),
    decorators,
    attributes: new Map(),
    methods: new Map(),
    inner: new Map(),
  };
  const body = reader.field(node, "body");
  if (body !== undefined) scanBody(scan, found, body);
  return found;
}

function baseOf(reader: TreeReader, node: number) {
  if (reader.type(node) === "keyword_argument") {
    const value = reader.field(node, "value");
    const label = reader.field(node, "name");
    return {
      name: label === undefined ? "" : reader.slice(label),
      value: reader.expression(value ?? node),
    };
  }
  return { value: reader.expression(node) };
}

function scanBody(scan: Scan, owner: ClassDefinition, block: number): void {
  const { reader } = scan;
  for (const child of reader.children(block)) {
    const type = reader.type(child);
    if (/definition$/.test(type)) scanDefinition(scan, child, owner);
    else if (type === "pass_statement") addLater(scan, child, owner);
    else if (type === "expression_statement") {
      for (const one of [reader.statement(child)].flat())
        if (one.kind === "assign" && one.target.kind === "name") {
          const value = one.value ?? one.annotation;
          if (value) owner.attributes.set(one.target.id, value);
        }
    } else if (type === "if_statement" || type === "try_statement" || type === "block" || type === "ERROR")
      scanBody(scan, owner, child);
  }
}
