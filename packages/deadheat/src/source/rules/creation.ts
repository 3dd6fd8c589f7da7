import { type Effect, precedes, sameTransaction } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { columnOf } from "../effects/values.ts";
import { type Model, sameModel, type UniqueSet } from "../project/model.ts";
import type { Models } from "../project/models.ts";

const HANDLES = /(^|\.)(IntegrityError|DatabaseError|Exception|BaseException|UniqueViolation(Error)?|Error)$/;

/** A `try` around it takes what a unique constraint says. */
export function isIntegrityHandled(create: Effect): boolean {
  return create.handlers.some((one) => HANDLES.test(one));
}

/**
 * The same, where there is a constraint to say it: `except Exception:` around an insert that nothing refuses hears of no
 * second row. (Who names IntegrityError knows of one.)
 */
export function isConflictHandled(models: Models, create: Effect, isCovered: boolean): boolean {
  if (!isIntegrityHandled(create)) return false;
  if (isCovered || create.handlers.some((one) => NAMES_CONFLICT.test(one))) return true;
  return create.model === undefined || !models.complete(create.model);
}

const NAMES_CONFLICT = /(^|\.)(IntegrityError|DatabaseError|UniqueViolation(Error)?)$/;

/** What a view has given its serializer. */
const IN_CONTEXT = /\.context\[\w+\]$/;

/** Does `search` look where `create` puts a row? */
export function sameTable(search: Effect, create: Effect, isSure: boolean): boolean {
  if (search.model && search.model === create.model) return true;
  // `club.members.count()`, then `Membership(club=club, …)`.
  if (search.query?.through !== undefined && search.query.through === create.model?.name) return true;
  const isKnown = (model: Effect["model"]) => model !== undefined && !/[#(.]/.test(model.name);
  if (isKnown(search.model) && isKnown(create.model)) return sameModel(search.model, create.model);
  const [a, b] = [search.query?.owner, create.query?.owner];
  // `hasattr(user, "profile")`, then `Profile(user=user)`.
  if (search.name === "hasattr" && a && !search.model)
    return [...(create.fields?.values() ?? [])].some(
      (one) => one.value.kind === "row" && one.value.key === a.row.key,
    );
  if (a && !search.model && create.model && isNamedAfter(a.name, create.model.name)) return true;
  // `self.context["club"].members.create(…)`: of what row, nobody sees; the relation has the same name.
  if (a && b && isKnown(search.model) && b.row.model === undefined && IN_CONTEXT.test(b.row.key))
    return a.name === b.name;
  if (a && b) return a.name === b.name && a.row.key === b.row.key;
  // `except DoesNotExist: serializer.save()`: what is made where something was missing is that something.
  // `user.token_set.count()`, then a row of a table that is not known, for the same user.
  if (
    a &&
    !isKnown(create.model) &&
    [...(create.fields?.values() ?? [])].some(
      (one) => one.value.kind === "row" && one.value.key === a.row.key,
    )
  )
    return true;
  return isSure && !create.model && create.kind === "create" && !b;
}

/** The same table is asked once more, under a lock, before the row is made: the first time was for a quick answer. */
export function isAskedAgain(effects: readonly Effect[], create: Effect, first: Effect): boolean {
  return create.guards.some(({ deps }) =>
    deps.some(
      (atom) =>
        atom.kind === "query" &&
        atom.effect.seq > first.seq &&
        atom.effect.query !== undefined &&
        sameTable(atom.effect, create, false) &&
        protects(queryProtection(effects, atom.effect, create)),
    ),
  );
}

/** Made first, then asked whether there is another, and taken back where there is: of two, both see the other one. */
export function isTakenBack(effects: readonly Effect[], create: Effect): boolean {
  return effects.some(
    ({ kind, row, guards }) =>
      kind === "delete" &&
      row !== undefined &&
      row.key === create.row?.key &&
      guards.some(({ deps }) =>
        deps.some(
          (atom) =>
            atom.kind === "query" && atom.effect.seq > create.seq && sameTable(atom.effect, create, false),
        ),
      ),
  );
}

/** `token_set` or `tokens`, where the created rows' table is known by its class only. */
function isNamedAfter(relation: string, model: string): boolean {
  const name = relation.replace(/_set$/, "").replaceAll("_", "").toLowerCase();
  const made = model.toLowerCase();
  return [made, `${made}s`, `${made}es`, made.replace(/y$/, "ies")].includes(name);
}

/**
 * A unique set of the model lies within what was looked for and given: the database refuses a second row; one with a
 * condition not `always`.
 */
export function coveredByUnique(
  models: Models,
  create: Effect,
  search: Effect,
  options: { readonly always?: boolean } = {},
): boolean {
  const { model } = create;
  if (!model) return false;
  const isKey = (name: string) => /^(pk|id)(__exact)?$/.test(name);
  // Made with the primary key that was looked for. (`Row(pk=pk).save()` would change the row that is there by then.)
  if (
    create.name !== "save" &&
    create.lookups?.some(isKey) &&
    search.query?.filters.some((one) => !one.exclude && isKey(one.lookup))
  )
    return true;
  const given = new Set(create.lookups?.map(columnOf));
  const looked = new Set(
    search.query?.filters.map((one) => columnOf(one.lookup.replace(/__(exact|iexact)$/, ""))),
  );
  for (const one of relationsPinned(models, model, search)) looked.add(one);
  if (search.query?.owner)
    looked.add(models.reverse(search.query.owner.row.model ?? model, search.query.owner.name)?.field ?? "");
  return models
    .uniqueSets(model)
    .some(
      (set) =>
        set.fields.length > 0 &&
        set.fields.join() !== "id" &&
        !(options.always && set.conditional && !holds(set, given) && !isLookedFor(set, search)) &&
        set.fields.every((field) => given.has(columnOf(field)) || looked.has(columnOf(field))),
    );
}

/** A row that is made is not deleted yet: `condition=Q(deleted_at__isnull=True)` holds where nothing is given there. */
function holds({ whileNull }: UniqueSet, given: ReadonlySet<string>): boolean {
  return whileNull !== undefined && !given.has(columnOf(whileNull));
}

/** Looked for among the rows that the condition is about; those of which it does not hold were not in question. */
function isLookedFor({ whileIs }: UniqueSet, { query }: Effect): boolean {
  return (query?.filters ?? []).some(
    ({ lookup, value, exclude }) =>
      !exclude && lookup === whileIs?.column && value.kind === "scalar" && value.literal === whileIs.value,
  );
}

/** `visit__code=code`, where a code is of one visit only: that is asked of the visit. */
function relationsPinned(models: Models, model: Model, { query }: Effect): string[] {
  return (query?.filters ?? []).flatMap(({ lookup, exclude }) => {
    const [name = "", column = "", ...more] = lookup.replace(/__exact$/, "").split("__");
    const target = exclude || more.length > 0 ? undefined : models.fields(model).get(name)?.target;
    if (!target || !column) return [];
    return /^(pk|id)$/.test(column) || models.fields(target).get(column)?.unique === true ? [name] : [];
  });
}

/**
 * Something that stays where the database refuses `create`: it has left the process, or was counted or used up in
 * a transaction that is over by then.
 */
export function hasActedBefore(effects: readonly Effect[], create: Effect): boolean {
  return effects.some(
    (one) =>
      precedes(one, create) &&
      !one.deferred &&
      (one.kind === "external" || (isCounted(one) && !sameTransaction(one.txns, create.txns))),
  );
}

function isCounted(one: Effect): boolean {
  // (A session or token that was made goes with the answer, and there is none.)
  if (one.kind === "spend") return true;
  return [...(one.fields?.values() ?? [])].some(
    ({ database, value }) => database || (value.kind === "scalar" && value.shape === "arithmetic"),
  );
}
