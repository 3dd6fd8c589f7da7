import { isProperty } from "../effects/attributes.ts";
import type { Effect } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { isIntegrityHandled } from "./creation.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

const FREE = /(__isnull|__count|^is_free|^available|^free)$/;

/** A row that nothing is related to yet is picked, without being claimed. */
export function* pickedRows({ effects, analysis }: RuleContext): Generator<Candidate> {
  for (const read of effects) {
    if (read.kind !== "fetch" || !read.query || read.query.locked || !read.row || read.locks.length > 0)
      continue;
    const free = read.query.filters.find(
      (one) => !one.exclude && FREE.test(one.lookup) && isNothing(one.value),
    );
    // `filter(key=key, user__isnull=True).first()` looks for one by its key.
    const isPinned = read.query.filters.some(
      (one) => one.value.kind === "row" && one.value.origin === "parameter",
    );
    if (!free || isPinned || !/^(first|last|latest|earliest|\[0\])$/.test(read.name)) continue;
    const isOwn = read.trail.length === 0;
    // A property tells what there is; nobody is given anything.
    if (isOwn && (analysis.row !== read.row || isProperty(analysis.fn))) continue;
    const candidate = explain(read, {
      message: "a free row is picked and handed on without being claimed: two callers get the same one",
      because: "the row is neither locked nor marked as taken when it is read",
      protection: { coverage: read.txns.length > 0 ? "atomic" : "none" },
      interleaving: [
        "A reads   a free row",
        "B reads   the same free row: nobody has taken it yet",
        "A uses    it",
        "B uses    it as well",
      ],
    });
    // In a caller it says that nothing there protects the pick; the pick is reported where it is made.
    yield isOwn ? candidate : { ...candidate, echo: true };
  }
}

function isNothing(value: { readonly kind: string; readonly literal?: unknown }): boolean {
  return value.kind === "scalar" && (value.literal === 0 || value.literal === true || value.literal === null);
}

/** A row that is free is picked, and a new one is made that takes it. */
export function* pickedForNew({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const create of effects) {
    if (create.kind !== "create" || isIntegrityHandled(create)) continue;
    for (const [name, { value }] of create.fields ?? []) {
      const read = value.kind === "row" ? value.fetch : undefined;
      if (!read || read.trail.length > 0 || !isFreePick(read)) continue;
      const isUnique = create.model && models.fields(create.model).get(name)?.unique === true;
      const protection = queryProtection(effects, read, create);
      if (protects(protection) || (read.query?.locked && protection.coverage === "atomic") || isUnique)
        continue;
      yield explain(create, {
        message: "a free row is picked, then taken by making another: two requests pick the same",
        protection,
        read: read.site,
      });
    }
  }
}

function isFreePick({ kind, query, name }: Effect): boolean {
  if (kind !== "fetch" || !query || !/^(first|last|latest|earliest|\[0\])$/.test(name)) return false;
  return query.filters.some((one) => !one.exclude && FREE.test(one.lookup) && isNothing(one.value));
}
