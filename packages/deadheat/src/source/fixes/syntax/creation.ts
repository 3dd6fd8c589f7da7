import type { Effect, Guard } from "../../effects/effect.ts";
import { columnOf } from "../../effects/values.ts";
import type { Argument, Expression, Statement } from "../../parse/syntax.ts";
import type { Model } from "../../project/model.ts";
import { type FixContext, isOwn, type Refusal, refuse } from "../fix.ts";
import { statementAt } from "./place.ts";
import { type Call, callAt, isLeaving, nodesIn } from "./walk.ts";

/** A row that is made because a search found none. */
export interface Creation {
  readonly search: Effect;
  readonly guard: Guard;
  readonly model: Model | undefined;
  /** The call that makes it, or the one of this function that leads there. */
  readonly call: Call;
  readonly statement: Statement;
  /** Columns that the search names exactly; `undefined` where it asks for more than that. */
  readonly columns: readonly string[] | undefined;
  /** Those of them that are compared with a constant: `active=True`. */
  readonly constants: ReadonlyMap<string, string>;
}

export function creationOf(context: FixContext): Creation | Refusal {
  const { write, candidate, node, layout } = context;
  const read = candidate.path.find((one) => one.role === "read")?.site;
  const found = write.guards
    .flatMap((guard) => guard.deps.map((atom) => ({ guard, atom })))
    .find(({ atom }) => atom.kind === "query" && atom.effect.site.start === read?.start);
  const search = found?.atom.kind === "query" ? found.atom.effect : undefined;
  const site = [...write.trail, write.site].find((one) => isOwn(context, one));
  const call = site && callAt(node, site);
  const statement = call && statementAt(node, call, layout.text);
  if (!found || !search || !call || !statement) return refuse("the row is made in another function");
  const constants = constantsIn(context, search);
  const looked = constants && lookedFor(context, search);
  return {
    search,
    guard: found.guard,
    model: write.model ?? search.model,
    call,
    statement,
    columns: looked,
    constants: constants ?? new Map(),
  };
}

function lookedFor({ program, write }: FixContext, search: Effect): string[] | undefined {
  const { query } = search;
  if (!query) return undefined;
  const columns: string[] = [];
  if (query.owner) {
    const { row, name } = query.owner;
    const field = row.model && program.models.reverse(row.model, name)?.field;
    const given = [...(write.fields ?? [])].find(
      ([, one]) => one.value.kind === "row" && one.value.key === row.key,
    )?.[0];
    const column = field ?? given;
    if (column === undefined) return undefined;
    columns.push(columnOf(column));
  }
  for (const { lookup, exclude } of query.filters) {
    const name = lookup.replace(/__i?exact$/, "");
    if (exclude || name.includes("__")) return undefined;
    columns.push(columnOf(name));
  }
  return columns.length > 0 && !query.opaque ? columns : undefined;
}

/**
 * Columns that are compared with a constant, as it is written; `undefined` where one is known to be a constant, and
 * how it is written is not.
 */
function constantsIn(context: FixContext, search: Effect): Map<string, string> | undefined {
  const found = new Map<string, string>();
  const call = isOwn(context, search.site) ? callAt(context.node, search.site) : undefined;
  for (let at: Expression | undefined = call; at; at = below(at))
    if (at.kind === "call")
      for (const { name, value } of at.args)
        if (name && (value.kind === "constant" || value.kind === "number" || value.kind === "string"))
          found.set(columnOf(name), context.layout.slice(value));
  for (const { lookup, value } of search.query?.filters ?? []) {
    const column = columnOf(lookup.replace(/__i?exact$/, ""));
    if (value.kind !== "scalar" || value.literal === undefined || found.has(column)) continue;
    if (value.literal === true || value.literal === false)
      found.set(column, value.literal ? "True" : "False");
    else return undefined;
  }
  return found;
}

function below(expression: Expression): Expression | undefined {
  if (expression.kind === "call") return expression.callee;
  return expression.kind === "attribute" ? expression.object : undefined;
}

export type If = Statement & { readonly kind: "if" };
export type Try = Statement & { readonly kind: "try" };

/** `if found: return 409`, of a search: what is answered to who comes second. */
export function refusalOf({ node }: FixContext, { guard, statement }: Creation): If | undefined {
  for (const one of nodesIn(node)) {
    if (one.kind !== "if") continue;
    const branch = one as If;
    const isIt = branch.test.start <= guard.site.start && guard.site.end <= branch.test.end;
    if (!isIt || branch.otherwise.length > 0 || !isLeaving(branch.whenTrue.at(-1))) continue;
    if (statement.start > branch.end) return branch;
  }
  return undefined;
}

/** The `try` of which a handler makes the row. */
export function handlerOf({ node }: FixContext, { statement }: Creation): Try | undefined {
  let found: Try | undefined;
  for (const one of nodesIn(node))
    if (
      one.kind === "try" &&
      (one as Try).handlers.some(
        (handler) => handler.start <= statement.start && statement.end <= handler.end,
      )
    )
      found = one as Try;
  return found;
}

/** All named, none spread: what goes where is known. */
export function namedArguments(call: Call): readonly (Argument & { readonly name: string })[] | undefined {
  const named = call.args.filter(
    (one): one is Argument & { readonly name: string } => one.name !== undefined,
  );
  return named.length === call.args.length ? named : undefined;
}
