import type { TreeReader } from "../parse/decode.ts";
import type { ParsedFile } from "../parse/parse.ts";
import type { Statement } from "../parse/syntax.ts";
import { SourceText } from "../parse/text.ts";
import { type ClassDefinition, FunctionDefinition, type Module } from "./definitions.ts";
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
    all: [],
  };
  for (const reader of parsed.readers)
    if (reader.tree.size > 0) for (const child of reader.children(0)) scanStatement(module, reader, child);
  return module;
}

function scanStatement(module: Module, reader: TreeReader, node: number): void {
  switch (reader.type(node)) {
    case "import_statement":
    case "import_from_statement":
      scanImport(module, reader, node);
      return;
    case "function_definition":
    case "decorated_definition":
    case "class_definition":
      scanDefinition(module, reader, node, undefined);
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
      for (const child of reader.children(node)) scanStatement(module, reader, child);
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

function scanDefinition(
  module: Module,
  reader: TreeReader,
  node: number,
  owner: ClassDefinition | undefined,
): void {
  const decorated = reader.type(node) === "decorated_definition";
  const definition = decorated ? reader.field(node, "definition") : node;
  if (definition === undefined) return;
  const nameNode = reader.field(definition, "name");
  const name = nameNode === undefined ? "" : reader.slice(nameNode);
  const start = reader.tree.starts[node]!;
  const end = reader.tree.ends[node]!;
  if (reader.type(definition) === "class_definition") {
    const found = scanClass(module, reader, definition, name, start);
    (owner ? owner.inner : module.classes).set(name, found);
    return;
  }
  if (reader.type(definition) !== "function_definition") return;
  const found = new FunctionDefinition({ name, module, owner, reader, node, start, end });
  module.all.push(found);
  const key = owner ? owner.methods : module.functions;
  // `@property def f` followed by `@f.setter def f`: the getter is what a reader of `x.f` runs.
  if (!(decorated && key.has(name) && /\.(setter|deleter)\s*$/m.test(firstLineOf(reader, node))))
    key.set(name, found);
}

function firstLineOf(reader: TreeReader, node: number): string {
  return reader.slice(node).split("\n", 1)[0] ?? "";
}

function scanClass(
  module: Module,
  reader: TreeReader,
  node: number,
  name: string,
  start: number,
): ClassDefinition {
  const bases = reader.field(node, "superclasses");
  const found: ClassDefinition = {
    kind: "class",
    name,
    module,
    start,
    bases: bases === undefined ? [] : reader.children(bases).map((child) => ({ ...baseOf(reader, child) })),
    attributes: new Map(),
    methods: new Map(),
    inner: new Map(),
  };
  const body = reader.field(node, "body");
  if (body !== undefined) scanBody(found, reader, body);
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

function scanBody(owner: ClassDefinition, reader: TreeReader, block: number): void {
  for (const child of reader.children(block)) {
    const type = reader.type(child);
    if (/definition$/.test(type)) scanDefinition(owner.module, reader, child, owner);
    else if (type === "expression_statement") {
      for (const one of [reader.statement(child)].flat())
        if (one.kind === "assign" && one.target.kind === "name") {
          const value = one.value ?? one.annotation;
          if (value) owner.attributes.set(one.target.id, value);
        }
    } else if (type === "if_statement" || type === "try_statement" || type === "block" || type === "ERROR")
      scanBody(owner, reader, child);
  }
}
