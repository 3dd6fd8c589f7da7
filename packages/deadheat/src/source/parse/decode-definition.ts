import { type Decoder, decodeArgument, decodeParameters } from "./decode-expression.ts";
import type { ClassNode, Expression, FunctionNode, Span, Statement } from "./syntax.ts";

export interface StatementDecoder extends Decoder {
  statement(node: number): Statement | readonly Statement[];
  block(node: number | undefined): Statement[];
}

export function decodeDecorated(
  reader: StatementDecoder,
  node: number,
  span: Span,
): Statement | readonly Statement[] {
  const decorators = reader
    .children(node)
    .filter((child) => reader.type(child) === "decorator")
    .flatMap((child) => reader.children(child).slice(0, 1))
    .map((child) => reader.expression(child));
  const definition = reader.field(node, "definition");
  if (definition === undefined) return reader.block(node);
  return reader.type(definition) === "class_definition"
    ? decodeClass(reader, definition, decorators, span)
    : decodeFunction(reader, definition, decorators, span);
}

/** Parameters and decorators, without the body. */
export function decodeSignature(
  reader: Decoder,
  node: number,
): Pick<FunctionNode, "parameters" | "decorators"> {
  const isDecorated = reader.type(node) === "decorated_definition";
  const definition = isDecorated ? (reader.field(node, "definition") ?? node) : node;
  const decorators = isDecorated
    ? reader
        .children(node)
        .filter((child) => reader.type(child) === "decorator")
        .flatMap((child) => reader.children(child).slice(0, 1))
        .map((child) => reader.expression(child))
    : [];
  return { parameters: decodeParameters(reader, reader.field(definition, "parameters")), decorators };
}

export function decodeFunction(
  reader: StatementDecoder,
  node: number,
  decorators: readonly Expression[],
  span: Span,
): FunctionNode {
  const name = reader.field(node, "name");
  return {
    kind: "function",
    name: name === undefined ? "" : reader.slice(name),
    parameters: decodeParameters(reader, reader.field(node, "parameters")),
    decorators,
    body: reader.block(reader.field(node, "body")),
    ...span,
  };
}

export function decodeClass(
  reader: StatementDecoder,
  node: number,
  decorators: readonly Expression[],
  span: Span,
): ClassNode {
  const name = reader.field(node, "name");
  const bases = reader.field(node, "superclasses");
  return {
    kind: "class",
    name: name === undefined ? "" : reader.slice(name),
    bases: bases === undefined ? [] : reader.children(bases).map((child) => decodeArgument(reader, child)),
    decorators,
    body: reader.block(reader.field(node, "body")),
    ...span,
  };
}
