import type { Expression } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { attributeOf } from "./attributes.ts";
import { isCollection, memberAt, memberOf } from "./collections.ts";
import { identityDeps } from "./dependencies.ts";
import { elementOf, isInColumn, partOfColumn, sliceOf } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import { type Row, SLICE, union, type Value } from "./values.ts";

/** `object[index]`, of which both are evaluated: a row, an entry, or a part of a value. */
export function subscript(
  run: Run,
  expression: Expression & { readonly kind: "subscript" },
  object: Value,
  indices: readonly Value[],
): Value {
  const [index] = expression.index;
  if (object.kind === "query")
    return index?.kind === "slice"
      ? sliceOf(run, object)
      : elementOf(run, object, expression, "fetch", "[0]");
  if (isCollection(object)) {
    if (index?.kind === "slice") return object;
    const isName = index?.kind === "name" || index?.kind === "attribute" || index?.kind === "string";
    return isName
      ? memberAt(run, object, run.fn.module.source.text.slice(index.start, index.end))
      : memberOf(run, object);
  }
  if (object.kind === "tuple" && index?.kind === "number") {
    const item = object.items[Number(index.text)];
    if (item) return item;
  }
  if (index?.kind === "string") {
    const entry = object.kind === "scalar" ? object.entries?.get(index.value) : undefined;
    if (entry) return entry;
    if (object.kind === "row" && object.fetch?.query?.plain)
      return attributeOf(run, object, index.value, expression);
  }
  const chosen = indices.map((one, at) => operandDeps(run, one, expression.index[at]!));
  const deps = union(object.deps, identityDeps(object), ...chosen);
  // `row.data["k"]`, `kwargs["order"]`: a part of something; the same text is the same part.
  if (object.kind === "row" && index?.kind === "string") {
    const name = `[${index.value}]`;
    const known = run.assignedTo(object, name)?.value ?? run.attribute(object, name);
    if (known) return known;
    const part = run.row("related", `${object.key}${name}`, { parent: { row: object, name }, deps });
    run.setAttribute(object, name, part);
    return part;
  }
  // `order.open_lines[:10]` of an order that was given: some of its rows, or of a text; its giver knows.
  if (object.kind === "row" && index?.kind === "slice" && isGivenAs(object))
    return run.row("related", `${object.key}${SLICE}`, { parent: { row: object, name: SLICE }, deps });
  if (object.kind === "row" && index && index.kind !== "slice" && isInColumn(run, object))
    return partOfColumn(run, object, textOf(index), deps);
  return run.unknown(deps);
}

/** A parameter of which nothing is known, or an attribute of one. */
function isGivenAs({ origin, model, fetch, parent }: Row): boolean {
  if (model || fetch) return false;
  return origin === "parameter" || (parent?.row.origin === "parameter" && !parent.row.model);
}
