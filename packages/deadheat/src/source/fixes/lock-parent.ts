import type { Effect } from "../effects/effect.ts";
import type { Row } from "../effects/values.ts";
import type { Expression } from "../parse/syntax.ts";
import {
  type FixContext,
  isOwn,
  isRefusal,
  type Proposal,
  type Refusal,
  refuse,
  type SourceFix,
} from "./fix.ts";
import { enclose } from "./syntax/enclose.ts";
import { spanning } from "./syntax/place.ts";
import { managerOf } from "./syntax/row.ts";
import { type Call, callAt, dotted } from "./syntax/walk.ts";

/** Rows that are not there yet cannot be locked; the one that they all belong to can. */
export const lockParent: SourceFix = {
  id: "lock-parent",
  title: "a lock on the row that they all belong to",
  rules: new Set(["limit-then-act", "next-free-value", "exists-then-claim", "exists-then-create"]),
  propose(context): Proposal | Refusal {
    if (context.isAsync) return refuse("transaction.atomic cannot be used in a coroutine");
    const { write, node, layout } = context;
    const search = searchOf(context);
    const from = search && [...search.trail, search.site].find((one) => isOwn(context, one));
    const to = [...write.trail, write.site].find((one) => isOwn(context, one));
    if (!search || !from || !to) return refuse("the rows are counted in another function");
    const parent = parentOf(context, search);
    if (!parent) return refuse("there is no row that all of them belong to, and that could be locked");
    const manager = managerOf(context, parent);
    if (!manager) return refuse("there is no name for the model of the row that they belong to");
    const range = spanning(node, [from, to], layout.text);
    if (!range) return refuse("what is read and what is written are in different functions");
    const enclosed = enclose(context, range);
    if (isRefusal(enclosed)) return enclosed;
    return { edits: enclosed.edits([`${manager}.select_for_update().get(pk=${parent.name}.pk)`]) };
  },
};

const COUNTS = new Set<Effect["kind"]>(["count", "aggregate", "list", "exists", "fetch"]);

/** The query whose answer decides. */
function searchOf({ write, candidate }: FixContext): Effect | undefined {
  const reads = candidate.path.filter((one) => one.role === "read").map((one) => one.site);
  const atoms = [...write.guards.flatMap((one) => one.deps), ...write.deps, ...valuesOf(write)];
  const effects = atoms.map((one) => (one.kind === "query" ? one.effect : one.row.fetch));
  return effects.find(
    (one): one is Effect =>
      one !== undefined &&
      COUNTS.has(one.kind) &&
      reads.some((site) => site.start === one.site.start && site.fn === one.site.fn),
  );
}

function valuesOf({ fields }: Effect): Effect["deps"] {
  return [...(fields?.values() ?? [])].flatMap((one) => one.deps);
}

/** `sender` of `filter(sender=sender)`, `request.user` of `request.user.token_set`. */
function parentOf(
  context: FixContext,
  search: Effect,
): { readonly row: Row; readonly name: string; readonly isLocal: boolean } | undefined {
  if (!isOwn(context, search.site)) return undefined;
  const { query } = search;
  const call = callAt(context.node, search.site);
  if (!query || !call) return undefined;
  if (query.owner) {
    const name = ownerText(call, query.owner.name);
    return name === undefined ? undefined : { row: query.owner.row, name, isLocal: false };
  }
  for (const one of query.filters) {
    if (one.exclude || one.value.kind !== "row" || one.lookup.includes("__")) continue;
    const name = filterText(context, one.lookup);
    if (name !== undefined) return { row: one.value, name, isLocal: false };
  }
  return undefined;
}

function ownerText(call: Call, relation: string): string | undefined {
  for (let at: Expression | undefined = call; at; at = next(at))
    if (at.kind === "attribute" && at.name === relation) return dotted(at.object);
  return undefined;
}

function next(expression: Expression): Expression | undefined {
  if (expression.kind === "call") return expression.callee;
  return expression.kind === "attribute" ? expression.object : undefined;
}

/** As the function writes it in a `filter` or `get`. */
function filterText({ fn, layout }: FixContext, lookup: string): string | undefined {
  const text = layout.text.slice(fn.start, fn.end);
  return new RegExp(`[(,]\\s*${lookup}=((?:self\\.)?[a-z_]\\w*(?:\\.[a-z_]\\w*)*)\\s*[,)]`).exec(text)?.[1];
}
