import type { Effect } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { columnOf, type Row, type Value } from "../effects/values.ts";
import type { Model, UniqueSet } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { isIntegrityHandled } from "./creation.ts";
import { explain } from "./explain.ts";
import { emptinessOf } from "./nulls.ts";
import type { SourceRule } from "./rule.ts";

export const getOrCreateWithoutUnique: SourceRule = {
  id: "get-or-create-without-unique",
  weakness: "duplicate-create",
  title: "get_or_create() over columns that are not unique together",
  severity: "medium",
  why: "get_or_create() searches, creates, and, where the database refuses, searches again. Without a unique constraint the database refuses nothing: two requests make two rows, and every later get() raises MultipleObjectsReturned.",
  fix: "Declare a UniqueConstraint over the columns of the lookup.",
  never: [
    "a lookup that covers a unique set, none of whose columns may be empty",
    "a unique set whose other columns have the same value for all who ask: written down in `defaults`, or by the model",
    "a model whose definition is out of sight (but for those of which it is known)",
    "a lock taken before it",
  ],
  examples: {
    racy: [
      `class Attempt(models.Model):
    username = models.CharField(max_length=100)
    ip = models.CharField(max_length=100)

def failed(username, ip):
    attempt, created = Attempt.objects.get_or_create(username=username, ip=ip)
`,
      `class Kind(models.TextChoices):
    REPORT = "report"

class Notice(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)

def notify(admin):
    Notice.objects.get_or_create(user=admin, kind=Kind.REPORT)
`,
    ],
    safe: [
      `class Attempt(models.Model):
    username = models.CharField(max_length=100)
    ip = models.CharField(max_length=100)

    class Meta:
        unique_together = ("username", "ip")

def failed(username, ip):
    attempt, created = Attempt.objects.get_or_create(username=username, ip=ip)
`,
      `class Attempt(models.Model):
    username = models.CharField(max_length=100, unique=True)

def failed(username, ip):
    attempt, created = Attempt.objects.get_or_create(username=username, defaults={"ip": ip})
`,
    ],
  },
  *find({ effects, program }) {
    const { models } = program;
    for (const effect of effects) {
      const { model } = effect;
      if (
        effect.kind !== "get-or-create" ||
        !model ||
        !(models.isUniqueKnown(model) ? !models.isAbstract(model) : models.isKnownFromLibrary(model))
      )
        continue;
      // `get_or_create(token=make_token)`: no row has a function for its value, and each call makes one.
      if (effect.query?.filters.some(({ value }) => value.kind === "function" && value.fn)) continue;
      if (effect.query?.filters.some(({ value }) => isOfThisRequest(value))) continue;
      const looked = new Set(
        (effect.lookups ?? []).map((one) => columnOf(one.replace(/__(exact|iexact)$/, ""))),
      );
      const { owner } = effect.query ?? {};
      if (owner?.row.model) looked.add(columnOf(models.reverse(owner.row.model, owner.name)?.field ?? ""));
      // (`**values`, filled out of sight: what it is looked for by may be unique.)
      if (
        looked.has("pk") ||
        looked.has("*") ||
        looked.size === 0 ||
        (owner?.row.model === undefined && owner)
      )
        continue;
      const sets = models.uniqueSets(model);
      if (isGivenMore(effect) && sets.some((set) => isWithin(looked, set))) continue;
      const alike = alikeOf(models, model, effect);
      const covering = sets.filter(
        (set) =>
          !set.conditional &&
          set.fields.some((one) => looked.has(columnOf(one))) &&
          set.fields.every((one) => looked.has(columnOf(one)) || alike.has(columnOf(one))),
      );
      if (isIntegrityHandled(effect) && sets.some((set) => isRefusedBy(set, looked, effect))) continue;
      const empty = covering.map((set) => emptinessOf(models, model, set, effect));
      if (empty.includes(undefined) || sets.some((set) => set.conditional)) continue;
      const protection = queryProtection(effects, effect, effect);
      // The rows that are there are locked; whether two new ones may stand side by side is the schema's affair.
      if (protects(protection) || (effect.query?.locked && effect.txns.length > 0)) continue;
      if (covering.length > 0)
        yield explain(effect, {
          message: `${model.name} is unique over ${[...looked].sort().join(", ")} only where none of them is empty: two requests make two rows`,
          because: "to a unique constraint no two NULLs are equal",
          protection,
          ...(empty.includes("empty") ? {} : { severity: "low" as const }),
        });
      else
        yield explain(effect, {
          message: `${model.name} has no unique constraint over ${[...looked].sort().join(", ")}: two requests make two rows`,
          because: "no unique set of the model lies within the lookup",
          protection,
        });
    }
  },
};

/** `get_or_create(name=name, **more)`: callers give what else it is looked for by. */
function isGivenMore({ defaults, site: { fn, start, end } }: Effect): boolean {
  if (defaults !== undefined) return false;
  // (What is spread out within an argument, is within it.)
  let open = fn.module.source.text.slice(start, end).replace(/\)$/, "");
  for (let known = ""; known !== open; ) {
    known = open;
    open = open.replace(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, "");
  }
  return /[,(]\s*\*\*\w+\s*(,|$)/.test(open);
}

/** Of what is unique only together with more, all that is seen is looked for: the rest may be in what callers give. */
function isWithin(looked: ReadonlySet<string>, { fields, conditional }: UniqueSet): boolean {
  const columns = new Set(fields.map(columnOf));
  return !conditional && columns.size > looked.size && [...looked].every((one) => columns.has(one));
}

/**
 * `get_or_create(key=key, defaults={"app": app})` in a `try` that takes an IntegrityError, of what is unique over both: a
 * second row of the same is refused, and that is looked at.
 */
function isRefusedBy({ fields, conditional }: UniqueSet, looked: ReadonlySet<string>, { defaults }: Effect) {
  const given = new Set([...(defaults?.keys() ?? [])].map(columnOf));
  const isLooked = (one: string) => looked.has(columnOf(one));
  return (
    !conditional &&
    fields.some(isLooked) &&
    fields.every((one) => isLooked(one) || given.has(columnOf(one)) || defaults === undefined)
  );
}

/** Columns that are not looked for, and have one value for all who look: of two rows, the database refuses the second. */
function alikeOf(models: Models, model: Model, { defaults }: Effect): Set<string> {
  // What it gives in a place that is out of sight, may be anything.
  if (!defaults) return new Set();
  const given = new Map([...defaults].map(([name, isAlike]) => [columnOf(name), isAlike]));
  const left = [...models.fields(model).values()].map((one) => [columnOf(one.name), one.alike] as const);
  return new Set(
    [...left.filter(([name]) => !given.has(name)), ...given].flatMap(([name, is]) => (is ? [name] : [])),
  );
}

/** A row that was made here, or what was made elsewhere just now, and what it holds: nobody else looks for that. */
function isOfThisRequest(value: Value): boolean {
  if (value.deps.some((one) => one.kind === "field" && isMadeHere(one.row))) return true;
  return value.kind === "row" && (isMadeHere(value) || isMadeHere(value.parent?.row));
}

function isMadeHere(row: Row | undefined): boolean {
  if (!row) return false;
  // (An object of another class holds what it was given.)
  return row.isMade === true || (row.origin === "new" && !row.fetch && (!row.cls || row.model !== undefined));
}
