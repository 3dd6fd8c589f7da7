import type { FlatTree } from "./flat.ts";
import type { Argument, Expression, Generator, Parameter, Span } from "./syntax.ts";

/** What decoding needs of a reader. */
export interface Decoder {
  readonly tree: FlatTree;
  readonly text: string;
  type(node: number): string;
  fieldOf(node: number): string | null;
  slice(node: number): string;
  children(node: number): number[];
  field(node: number, name: string): number | undefined;
  expression(node: number): Expression;
}

export function spanOf(reader: Decoder, node: number): Span {
  return { start: reader.tree.starts[node]!, end: reader.tree.ends[node]! };
}

export function decodeExpression(reader: Decoder, node: number): Expression {
  const span = spanOf(reader, node);
  const part = (name: string): Expression => {
    const at = reader.field(node, name);
    return at === undefined ? { kind: "other", parts: [], ...span } : reader.expression(at);
  };
  const parts = (): Expression[] => reader.children(node).map((child) => reader.expression(child));
  switch (reader.type(node)) {
    case "identifier":
    case "dotted_name":
      return { kind: "name", id: reader.slice(node), ...span };
    case "attribute": {
      const name = reader.field(node, "attribute");
      return {
        kind: "attribute",
        object: part("object"),
        name: name === undefined ? "" : reader.slice(name),
        ...span,
      };
    }
    case "call":
      return { kind: "call", callee: part("function"), args: decodeArguments(reader, node), ...span };
    case "subscript": {
      const [object, ...index] = parts();
      return object ? { kind: "subscript", object, index, ...span } : { kind: "other", parts: [], ...span };
    }
    // `QuerySet[Order]` as an annotation; the grammar has a node of its own for it.
    case "generic_type": {
      const [object, list] = reader.children(node);
      if (object === undefined || list === undefined) return { kind: "other", parts: parts(), ...span };
      const index = reader.children(list).map((child) => reader.expression(child));
      return { kind: "subscript", object: reader.expression(object), index, ...span };
    }
    case "union_type": {
      const [left, right] = parts();
      return left && right
        ? { kind: "binary", operator: "|", left, right, ...span }
        : { kind: "other", parts: parts(), ...span };
    }
    case "slice":
      return { kind: "slice", parts: parts(), ...span };
    case "string":
    case "concatenated_string":
      return decodeString(reader, node, span);
    case "integer":
    case "float":
      return { kind: "number", text: reader.slice(node), ...span };
    case "true":
      return { kind: "constant", value: true, ...span };
    case "false":
      return { kind: "constant", value: false, ...span };
    case "none":
      return { kind: "constant", value: null, ...span };
    case "boolean_operator":
      return { kind: "boolean", left: part("left"), right: part("right"), ...span };
    case "binary_operator":
      return {
        kind: "binary",
        operator: between(reader, node, "left", "right"),
        left: part("left"),
        right: part("right"),
        ...span,
      };
    case "unary_operator":
      return { kind: "other", parts: parts(), ...span };
    case "not_operator":
      return { kind: "not", operand: part("argument"), ...span };
    case "comparison_operator":
      return { kind: "compare", operators: operatorsOf(reader, node), operands: parts(), ...span };
    case "conditional_expression": {
      const [then, test, otherwise] = parts();
      return then && test && otherwise
        ? { kind: "conditional", test, whenTrue: then, otherwise, ...span }
        : { kind: "other", parts: parts(), ...span };
    }
    case "lambda":
      return {
        kind: "lambda",
        parameters: decodeParameters(reader, reader.field(node, "parameters")),
        body: part("body"),
        ...span,
      };
    case "list":
    case "tuple":
    case "set":
    case "expression_list":
    case "pattern_list":
    case "tuple_pattern":
    case "list_pattern":
      return { kind: "sequence", items: parts(), ...span };
    case "dictionary":
      return { kind: "dictionary", pairs: decodePairs(reader, node), ...span };
    case "list_comprehension":
    case "set_comprehension":
    case "generator_expression":
    case "dictionary_comprehension":
      return decodeComprehension(reader, node, span);
    case "named_expression": {
      const name = reader.field(node, "name");
      return {
        kind: "walrus",
        target: name === undefined ? "" : reader.slice(name),
        value: part("value"),
        ...span,
      };
    }
    case "await": {
      const [operand] = reader.children(node);
      return operand === undefined
        ? { kind: "other", parts: [], ...span }
        : { kind: "await", operand: reader.expression(operand), ...span };
    }
    case "yield": {
      const [operand] = reader.children(node);
      return operand === undefined
        ? { kind: "yield", ...span }
        : { kind: "yield", operand: reader.expression(operand), ...span };
    }
    case "parenthesized_expression":
    case "as_pattern_target":
    case "type": {
      const [only, ...more] = reader.children(node);
      return only !== undefined && more.length === 0
        ? { ...reader.expression(only), ...span }
        : { kind: "other", parts: parts(), ...span };
    }
    default:
      return { kind: "other", parts: parts(), ...span };
  }
}

function decodeArguments(reader: Decoder, call: number): Argument[] {
  const list = reader.field(call, "arguments");
  if (list === undefined) return [];
  // `f(x for x in y)`: the generator stands in the place of the list.
  if (reader.type(list) === "generator_expression") return [{ value: reader.expression(list) }];
  return reader.children(list).map((child) => decodeArgument(reader, child));
}

export function decodeArgument(reader: Decoder, node: number): Argument {
  const inner = reader.children(node);
  switch (reader.type(node)) {
    case "keyword_argument": {
      const [name, value] = [reader.field(node, "name"), reader.field(node, "value")];
      const given = value ?? inner[inner.length - 1] ?? node;
      return { name: name === undefined ? "" : reader.slice(name), value: reader.expression(given) };
    }
    case "list_splat":
    case "dictionary_splat":
      return {
        spread: reader.type(node) === "list_splat" ? "*" : "**",
        value: reader.expression(inner[0] ?? node),
      };
    default:
      return { value: reader.expression(node) };
  }
}

export function decodeParameters(reader: Decoder, node: number | undefined): Parameter[] {
  if (node === undefined) return [];
  return reader.children(node).flatMap((child) => decodeParameter(reader, child));
}

function decodeParameter(reader: Decoder, node: number): Parameter[] {
  const type = reader.type(node);
  const inner = reader.children(node);
  if (type === "identifier") return [{ name: reader.slice(node) }];
  if (type === "list_splat_pattern" || type === "dictionary_splat_pattern") {
    const spread = type === "list_splat_pattern" ? "*" : "**";
    return inner[0] === undefined ? [] : [{ name: reader.slice(inner[0]), spread }];
  }
  if (!/parameter$/.test(type)) return [];
  const annotation = reader.field(node, "type");
  const value = reader.field(node, "value");
  const name = reader.field(node, "name") ?? inner[0];
  if (name === undefined) return [];
  const [first] = decodeParameter(reader, name);
  return [
    {
      ...(first ?? { name: reader.slice(name) }),
      ...(annotation === undefined ? {} : { annotation: reader.expression(annotation) }),
      ...(value === undefined ? {} : { fallback: reader.expression(value) }),
    },
  ];
}

function decodePairs(
  reader: Decoder,
  node: number,
): { readonly key?: Expression; readonly value: Expression }[] {
  return reader.children(node).map((child) => {
    const key = reader.field(child, "key");
    const value = reader.field(child, "value") ?? reader.children(child)[0] ?? child;
    return {
      ...(key === undefined ? {} : { key: reader.expression(key) }),
      value: reader.expression(value),
    };
  });
}

function decodeComprehension(reader: Decoder, node: number, span: Span): Expression {
  const body: Expression[] = [];
  const generators: { target: Expression; source: Expression; conditions: Expression[] }[] = [];
  for (const child of reader.children(node)) {
    const type = reader.type(child);
    if (type === "for_in_clause") {
      const [left, right] = [reader.field(child, "left"), reader.field(child, "right")];
      if (left !== undefined && right !== undefined)
        generators.push({
          target: reader.expression(left),
          source: reader.expression(right),
          conditions: [],
        });
    } else if (type === "if_clause") {
      const [test] = reader.children(child);
      if (test !== undefined) generators.at(-1)?.conditions.push(reader.expression(test));
    } else if (type === "pair") body.push(...decodePair(reader, child));
    else body.push(reader.expression(child));
  }
  return { kind: "comprehension", body, generators: generators as readonly Generator[], ...span };
}

function decodePair(reader: Decoder, pair: number): Expression[] {
  return reader.children(pair).map((child) => reader.expression(child));
}

function decodeString(reader: Decoder, node: number, span: Span): Expression {
  const parts: Expression[] = [];
  let value = "";
  const visit = (at: number): void => {
    for (const child of reader.children(at)) {
      const type = reader.type(child);
      if (type === "string") visit(child);
      else if (type === "string_content") value += reader.slice(child);
      else if (type === "interpolation") {
        const inner = reader.field(child, "expression");
        if (inner !== undefined) parts.push(reader.expression(inner));
      }
    }
  };
  visit(node);
  return { kind: "string", value, parts, ...span };
}

function between(reader: Decoder, node: number, left: string, right: string): string {
  const [from, to] = [reader.field(node, left), reader.field(node, right)];
  if (from === undefined || to === undefined) return "";
  return operatorText(reader.text.slice(reader.tree.ends[from]!, reader.tree.starts[to]!));
}

function operatorsOf(reader: Decoder, node: number): string {
  const operands = reader.children(node);
  return operands
    .slice(1)
    .map((operand, index) =>
      operatorText(reader.text.slice(reader.tree.ends[operands[index]!]!, reader.tree.starts[operand]!)),
    )
    .join(" ");
}

/** `) + (  # note` → `+`. */
export function operatorText(gap: string): string {
  return gap
    .replace(/#[^\n]*/g, "")
    .replace(/[()\\]/g, "")
    .trim()
    .replace(/\s+/g, " ");
}
