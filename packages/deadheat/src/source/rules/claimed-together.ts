import { identityDeps } from "../effects/dependencies.ts";
import { compatible, type Effect } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { keyOf } from "../effects/scalars.ts";
import { columnOf, type Query, union } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { isAct, isStrong } from "./acts.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

const READS = new Set<Effect["kind"]>(["list", "exists", "count"]);

/**
 * Rows that are looked for by a column, worked on, and then all given another value there by one `update()`: two
 * workers find the same rows, and what came between is changed without having been worked on.
 */
export function* claimedTogether({ effects }: RuleContext): Generator<Candidate> {
  for (const write of effects) {
    const column = write.kind === "update" && !write.tested ? claimedBy(write) : undefined;
    const listed = write.kind === "update" && !column ? listedBefore(write) : undefined;
    if (!column && !listed) continue;
    const read =
      listed?.read ??
      effects.find(
        (one) =>
          READS.has(one.kind) &&
          one.seq < write.seq &&
          compatible(one.steps, write.steps) &&
          isSameSearch(one.query, write.query),
      );
    if (!read || (read.query?.locked && write.txns[0] && read.txns[0] === write.txns[0])) continue;
    const acts = effects.filter((one) => ACTS.test(one.kind) && isAct(one, write));
    const before = acts.find((one) => one.seq > read.seq && one.seq < write.seq);
    // Which of the rows still had the old value, `filter(pk__in=ids).update(…)` does not ask.
    const act = before ?? (listed && acts.find((one) => one.seq > write.seq && isOfThose(one, read)));
    const protection = queryProtection(effects, read, write);
    if (!act || protects(protection) || isClaimedBefore(effects, write, act)) continue;
    const told = column ?? listed?.column;
    const isAbout = act.row !== undefined && act.row.key === write.query?.owner?.row.key;
    yield explain(write, {
      message: `rows are looked for by ${told}, ${before ? `worked on, and then given another ${told}` : `given another ${told}, and worked on`}: two find the same rows`,
      because: "nothing makes a second one wait between the search and the update",
      protection,
      read: read.site,
      also: [act],
      severity: before && (isStrong(act) || isAbout) ? "medium" : "low",
    });
  }
}

const ACTS = /^(create|external|command|mint)$/;

/** Made for the rows that were found. */
function isOfThose({ kind, fields, deps }: Effect, read: Effect): boolean {
  if (kind !== "create" && kind !== "external") return false;
  const given = [
    deps,
    ...[...(fields?.values() ?? [])].map(({ value }) => union(value.deps, identityDeps(value))),
  ];
  return given
    .flat()
    .some((atom) => (atom.kind === "query" ? atom.effect === read : atom.row.fetch === read));
}

/** `rows.update(state="sending")`, before anything is done with them: nobody else finds them any more. */
function isClaimedBefore(effects: readonly Effect[], write: Effect, act: Effect): boolean {
  return effects.some(
    (one) =>
      one.kind === "update" &&
      one.seq < act.seq &&
      sameModel(one.model, write.model) &&
      claimedBy(one) !== undefined,
  );
}

/** `ids = list(rows.filter(sent=False).values_list("pk"))`, and in the end `filter(pk__in=ids).update(sent=True)`. */
function listedBefore({
  query,
  fields,
  seq,
}: Effect): { readonly read: Effect; readonly column: string } | undefined {
  const filters = query?.filters ?? [];
  const keys = filters.find((one) => !one.exclude && /^(pk|id)__in$/.test(one.lookup));
  if (!keys || filters.length > 1) return undefined;
  for (const atom of union(keys.value.deps, identityDeps(keys.value))) {
    const read = atom.kind === "query" ? atom.effect : atom.row.fetch;
    if (!read || !READS.has(read.kind) || read.seq > seq || !sameModel(read.model, query?.model)) continue;
    const looked = lookedFor(read.query);
    const column = [...(fields?.values() ?? [])].find(
      (one) => !one.database && looked.has(columnOf(one.name)),
    );
    if (column) return { read, column: column.name };
  }
  return undefined;
}

function lookedFor(query: Query | undefined): ReadonlySet<string> {
  const filters = (query?.filters ?? []).filter((one) => !one.exclude);
  return new Set(filters.map((one) => columnOf(one.lookup.split("__")[0] as string)));
}

/** The column that the update changes and looks for: `filter(state=OLD).update(state=NEW)`, of many rows. */
function claimedBy({ query, fields }: Effect): string | undefined {
  const filters = (query?.filters ?? []).filter((one) => !one.exclude);
  if (filters.some((one) => /^(pk|id)(__exact)?$/.test(one.lookup))) return undefined;
  const looked = lookedFor(query);
  return [...(fields?.values() ?? [])].find((one) => !one.database && looked.has(columnOf(one.name)))?.name;
}

/** The same rows are asked for, as far as that is written down. */
export function isSameSearch(one: Query | undefined, other: Query | undefined): boolean {
  if (!one || !other || one.filters.length !== other.filters.length) return false;
  if (one.model !== other.model || one.owner?.row.key !== other.owner?.row.key) return false;
  if (one.owner?.name !== other.owner?.name) return false;
  return one.filters.every((filter) =>
    other.filters.some(
      (same) =>
        same.lookup === filter.lookup &&
        same.exclude === filter.exclude &&
        (same.value === filter.value || keyOf(same.value) === keyOf(filter.value)),
    ),
  );
}
