import { decodeClass, decodeDecorated, decodeFunction, type StatementDecoder } from "./decode-definition.ts";
import { operatorText, spanOf } from "./decode-expression.ts";
import type { Expression, Handler, Span, Statement } from "./syntax.ts";

export function decodeStatement(reader: StatementDecoder, node: number): Statement | readonly Statement[] {
  const span = spanOf(reader, node);
  const children = reader.children(node);
  const maybe = (at: number | undefined): Expression | undefined =>
    at === undefined ? undefined : reader.expression(at);
  const part = (name: string): Expression | undefined => maybe(reader.field(node, name));
  const body = (name: string): Statement[] => reader.block(reader.field(node, name));
  const nothing: Expression = { kind: "other", parts: [], ...span };
  switch (reader.type(node)) {
    case "expression_statement":
      return children.flatMap((child) => decodeSimple(reader, child));
    case "if_statement":
      return decodeIf(reader, node, span);
    case "for_statement":
      return {
        kind: "for",
        target: part("left") ?? nothing,
        source: part("right") ?? nothing,
        body: body("body"),
        otherwise: elseOf(reader, node),
        ...span,
      };
    case "while_statement":
      return {
        kind: "while",
        test: part("condition") ?? nothing,
        body: body("body"),
        otherwise: elseOf(reader, node),
        ...span,
      };
    case "try_statement":
      return decodeTry(reader, node, span);
    case "with_statement":
      return { kind: "with", items: decodeItems(reader, node), body: body("body"), ...span };
    case "match_statement":
      return decodeMatch(reader, node, span);
    case "function_definition":
      return decodeFunction(reader, node, [], span);
    case "class_definition":
      return decodeClass(reader, node, [], span);
    case "decorated_definition":
      return decodeDecorated(reader, node, span);
    case "return_statement":
      return withValue({ kind: "return", ...span }, maybe(children[0]));
    case "raise_statement":
      return withValue({ kind: "raise", ...span }, maybe(children[0]));
    case "delete_statement":
      return { kind: "delete", targets: children.map((child) => reader.expression(child)), ...span };
    case "assert_statement":
      return { kind: "assert", test: maybe(children[0]) ?? nothing, ...span };
    case "import_statement":
    case "import_from_statement":
    case "future_import_statement":
      return decodeImport(reader, node, span);
    case "break_statement":
      return { kind: "leave", how: "break", ...span };
    case "continue_statement":
      return { kind: "leave", how: "continue", ...span };
    case "pass_statement":
    case "global_statement":
    case "nonlocal_statement":
    case "type_alias_statement":
      return { kind: "pass", ...span };
    // What did not parse still holds statements that did.
    case "ERROR":
    case "block":
    case "module":
      return reader.block(node);
    default:
      return { kind: "expression", value: reader.expression(node), ...span };
  }
}

function withValue(
  statement: (Span & { kind: "return" }) | (Span & { kind: "raise" }),
  value: Expression | undefined,
): Statement {
  return value === undefined ? statement : { ...statement, value };
}

function decodeSimple(reader: StatementDecoder, node: number): Statement[] {
  const span = spanOf(reader, node);
  const left = reader.field(node, "left");
  const right = reader.field(node, "right");
  if (reader.type(node) === "assignment" && left !== undefined) {
    const annotation = reader.field(node, "type");
    const target = reader.expression(left);
    const more = annotation === undefined ? {} : { annotation: reader.expression(annotation) };
    if (right === undefined) return [{ kind: "assign", target, ...more, ...span }];
    // `a = b = c`: the inner assignment happens first and its value is the outer one's.
    if (reader.type(right) === "assignment") {
      const inner = decodeSimple(reader, right);
      const last = inner.at(-1);
      const value = last?.kind === "assign" ? last.value : undefined;
      return [...inner, { kind: "assign", target, ...(value ? { value } : {}), ...more, ...span }];
    }
    return [{ kind: "assign", target, value: reader.expression(right), ...more, ...span }];
  }
  if (reader.type(node) === "augmented_assignment" && left !== undefined && right !== undefined) {
    const gap = reader.text.slice(reader.tree.ends[left]!, reader.tree.starts[right]!);
    return [
      {
        kind: "augment",
        target: reader.expression(left),
        operator: operatorText(gap).replace(/=$/, ""),
        value: reader.expression(right),
        ...span,
      },
    ];
  }
  return [{ kind: "expression", value: reader.expression(node), ...span }];
}

function elseOf(reader: StatementDecoder, node: number): Statement[] {
  const clause = reader.children(node).find((child) => reader.type(child) === "else_clause");
  return clause === undefined ? [] : reader.block(reader.field(clause, "body"));
}

function decodeIf(reader: StatementDecoder, node: number, span: Span): Statement {
  const clauses = reader.children(node).filter((child) => /^(elif|else)_clause$/.test(reader.type(child)));
  let otherwise: Statement[] = [];
  for (const clause of clauses.reverse()) {
    if (reader.type(clause) === "else_clause") otherwise = reader.block(reader.field(clause, "body"));
    else {
      const test = reader.field(clause, "condition");
      const then = reader.block(reader.field(clause, "consequence"));
      const at = spanOf(reader, clause);
      otherwise = [
        {
          kind: "if",
          test: test === undefined ? { kind: "other", parts: [], ...at } : reader.expression(test),
          whenTrue: then,
          otherwise,
          ...at,
        },
      ];
    }
  }
  const test = reader.field(node, "condition");
  return {
    kind: "if",
    test: test === undefined ? { kind: "other", parts: [], ...span } : reader.expression(test),
    whenTrue: reader.block(reader.field(node, "consequence")),
    otherwise,
    ...span,
  };
}

function decodeTry(reader: StatementDecoder, node: number, span: Span): Statement {
  const handlers: Handler[] = [];
  let otherwise: Statement[] = [];
  let cleanup: Statement[] = [];
  for (const child of reader.children(node)) {
    const type = reader.type(child);
    const inner = reader.children(child);
    const block = inner.find((one) => reader.type(one) === "block");
    if (type === "except_clause" || type === "except_group_clause")
      handlers.push(decodeHandler(reader, child, block));
    else if (type === "else_clause") otherwise = reader.block(block);
    else if (type === "finally_clause") cleanup = reader.block(block);
  }
  return {
    kind: "try",
    body: reader.block(reader.field(node, "body")),
    handlers,
    otherwise,
    cleanup,
    ...span,
  };
}

function decodeHandler(reader: StatementDecoder, node: number, block: number | undefined): Handler {
  const span = spanOf(reader, node);
  const what = reader.children(node).filter((child) => child !== block);
  let name: string | undefined;
  const catches: Expression[] = [];
  for (const child of what) {
    let at = child;
    if (reader.type(child) === "as_pattern") {
      const inner = reader.children(child);
      if (inner[1] !== undefined) name = reader.slice(inner[1]);
      at = inner[0] ?? child;
    }
    const decoded = reader.expression(at);
    catches.push(...(decoded.kind === "sequence" ? decoded.items : [decoded]));
  }
  return { catches, ...(name === undefined ? {} : { name }), body: reader.block(block), ...span };
}

function decodeItems(
  reader: StatementDecoder,
  node: number,
): { readonly value: Expression; readonly target?: Expression }[] {
  const clause = reader.children(node).find((child) => reader.type(child) === "with_clause");
  if (clause === undefined) return [];
  return reader.children(clause).map((item) => {
    const value = reader.field(item, "value") ?? item;
    if (reader.type(value) !== "as_pattern") return { value: reader.expression(value) };
    const [inner, target] = reader.children(value);
    return {
      value: reader.expression(inner ?? value),
      ...(target === undefined ? {} : { target: reader.expression(target) }),
    };
  });
}

function decodeMatch(reader: StatementDecoder, node: number, span: Span): Statement {
  const subject = reader.field(node, "subject");
  const block = reader.children(node).find((child) => reader.type(child) === "block");
  const cases = (block === undefined ? [] : reader.children(block))
    .filter((child) => reader.type(child) === "case_clause")
    .map((child) => reader.block(reader.field(child, "consequence")));
  return {
    kind: "match",
    subject: subject === undefined ? { kind: "other", parts: [], ...span } : reader.expression(subject),
    cases,
    ...span,
  };
}

function decodeImport(reader: StatementDecoder, node: number, span: Span): Statement {
  const names: { name: string; alias?: string }[] = [];
  let level = 0;
  let from = reader.type(node) === "future_import_statement" ? "__future__" : undefined;
  for (const child of reader.children(node)) {
    const type = reader.type(child);
    if (reader.fieldOf(child) === "module_name") {
      const text = reader.slice(child);
      level = /^\.*/.exec(text)?.[0].length ?? 0;
      from = text.slice(level).replace(/\s+/g, "");
    } else if (type === "aliased_import") {
      const [name, alias] = reader.children(child);
      if (name !== undefined)
        names.push({
          name: reader.slice(name),
          ...(alias === undefined ? {} : { alias: reader.slice(alias) }),
        });
    } else if (type === "wildcard_import") names.push({ name: "*" });
    else if (type === "dotted_name") names.push({ name: reader.slice(child) });
  }
  return { kind: "import", level, ...(from === undefined ? {} : { from }), names, ...span };
}
