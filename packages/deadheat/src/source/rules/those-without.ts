import { type Effect, precedes, sameTransaction } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import type { Query, Row } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { isAct, isStrong } from "./acts.ts";
import { isIntegrityHandled } from "./creation.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

type Filter = Query["filters"][number];

/**
 * `for order in Order.objects.filter(invoice__isnull=True): Invoice.objects.create(order=order)`: rows are looked for
 * that have none of what each of them is then given.
 */
export function givenToThoseWithout(context: RuleContext, create: Effect): Candidate | undefined {
  const { effects, program } = context;
  for (const { row, prefix } of rowsBehind(create)) {
    const search = row.fetch;
    if (!search?.query || !asksForThoseWithout(program.models, search, create, prefix)) continue;
    const isHeld = search.query.locked && sameTransaction(search.txns, create.txns);
    const protection = queryProtection(effects, search, create);
    if (isHeld || protects(protection) || isLookedForAgain(effects, create, search)) continue;
    const done = effects.filter(
      (one) => one.seq > search.seq && precedes(one, create) && isAct(one, create) && isStrong(one),
    );
    // The second one is refused; what it did before that is done.
    if (isIntegrityHandled(create) && done.length === 0) continue;
    const isOne = search.kind === "fetch";
    return explain(create, {
      message: isOne
        ? "a row that has none of these is looked for, and given one: two can pick the same row"
        : "rows that have none of these are looked for, and each is given one: of two runs at once each serves all of them",
      protection,
      row,
      read: search.site,
      also: done.slice(0, 2),
      severity: isOne || done.some((one) => one.kind === "external") ? "medium" : "low",
      because: "nothing makes a second one wait between the search and the insert",
    });
  }
  return undefined;
}

/** The same table is asked once more, under a lock, before the row is made: the first time was for a quick answer. */
function isLookedForAgain(effects: readonly Effect[], create: Effect, first: Effect): boolean {
  return create.guards.some(({ deps }) =>
    deps.some(
      (atom) =>
        atom.kind === "query" &&
        atom.effect.seq > first.seq &&
        sameModel(atom.effect.model, first.model) &&
        protects(queryProtection(effects, atom.effect, create)),
    ),
  );
}

/** Rows to which the new one belongs, and those that lead to one: of `guide.person` the guide, by `person`. */
function rowsBehind({ fields, query }: Effect): { readonly row: Row; readonly prefix?: string }[] {
  const given = [...(fields?.values() ?? [])].flatMap(({ value }) => (value.kind === "row" ? [value] : []));
  const rows = query?.owner ? [query.owner.row, ...given] : given;
  return rows.flatMap((row) => {
    const { parent } = row;
    return !row.fetch && parent?.row.fetch ? [{ row }, { row: parent.row, prefix: parent.name }] : [{ row }];
  });
}

function asksForThoseWithout(
  models: Models,
  { query, model: searched }: Effect,
  create: Effect,
  prefix: string | undefined,
): boolean {
  const model = prefix && searched ? models.fields(searched).get(prefix)?.target : searched;
  if (!model) return false;
  return (query?.filters ?? []).some((one) => {
    if (prefix && !one.lookup.startsWith(`${prefix}__`)) return false;
    const [relation = "", ...rest] = one.lookup.slice(prefix ? prefix.length + 2 : 0).split("__");
    const found = models.reverse(model, relation) ?? models.reverse(model, `${relation}_set`);
    const made =
      create.model ?? (create.query?.owner && models.reverse(model, create.query.owner.name)?.model);
    return found !== undefined && sameModel(found.model, made) && meansNone(one, rest.at(-1));
  });
}

/** `exclude(invoice__paid=True)`, `exclude(invoice__isnull=False)`, `filter(invoice=None)`, `filter(invoice__isnull=True)`. */
function meansNone({ value, exclude }: Filter, last: string | undefined): boolean {
  const literal = value.kind === "scalar" ? value.literal : undefined;
  if (last === "isnull") return literal === !exclude;
  return exclude || (last === undefined && literal === null);
}
