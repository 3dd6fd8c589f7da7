import type { Effect, Guard } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { keyOf } from "../effects/scalars.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { isIntegrityHandled } from "./creation.ts";
import { meansMissing } from "./exists-then-create.ts";
import { explain } from "./explain.ts";
import { flagMoved } from "./flag-moved.ts";
import { givenWhereNone } from "./given-where-none.ts";
import { isWritten } from "./read-modify-write.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const existsThenClaim: SourceRule = {
  id: "exists-then-claim",
  weakness: "limit-overrun",
  title: "a value is given to a row because no other row has it",
  severity: "medium",
  why: "Two requests both find that nobody has the value (the default address, the name, the seat) and both give it to a row of their own.",
  fix: "Declare a unique constraint (with a condition, where it holds for some rows only) and handle its IntegrityError; or lock what all of these rows share before looking.",
  never: [
    "a column that a unique constraint covers",
    "a lock taken before the search",
    "a search for something else",
  ],
  examples: {
    racy: [
      `def make_default(request, pk):
    address = Address.objects.get(pk=pk)
    if not Address.objects.filter(user=request.user, default=True).exists():
        address.default = True
        address.save()
`,
    ],
    safe: [
      `@transaction.atomic
def make_default(request, pk):
    user = User.objects.select_for_update().get(pk=request.user.pk)
    address = Address.objects.get(pk=pk)
    if not Address.objects.filter(user=user, default=True).exists():
        address.default = True
        address.save()
`,
      `class Address(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(default=True), name="one"),
        ]

def make_default(request, pk):
    address = Address.objects.get(pk=pk)
    if not Address.objects.filter(user=request.user, default=True).exists():
        address.default = True
        address.save()
`,
    ],
  },
  *find(context) {
    for (const write of context.effects) {
      if (write.kind !== "save" || !write.row || write.row.origin === "new" || isIntegrityHandled(write))
        continue;
      const found = searchBefore(context, write, write.row);
      if (found) yield found;
    }
    yield* flagMoved(context);
    yield* givenWhereNone(context);
  },
};

function searchBefore(
  { effects, guards, program: { models } }: RuleContext,
  write: Effect,
  row: Row,
): Candidate | undefined {
  const collected = testsOfEach(guards, write);
  for (const test of [...collected, ...write.guards])
    for (const atom of test.deps) {
      if (atom.kind !== "query" || !/^(exists|count|fetch|list)$/.test(atom.effect.kind)) continue;
      const search = atom.effect;
      if (!isOfSameTable(search, row) || search === row.fetch) continue;
      if (!collected.includes(test) && !meansMissing(test, search, write)) continue;
      if (isOnly(row)) continue;
      const column = claimedColumn(search, write);
      if (!column) continue;
      const isRefused =
        row.model !== undefined && models.uniqueSets(row.model).some((one) => covers(one, column));
      if (isRefused && write.name !== "bulk_update") continue;
      if (
        protects(queryProtection(effects, search, write)) ||
        protects(protectionOf(effects, row, write, models))
      )
        continue;
      const protection = { coverage: write.txns.length > 0 ? "atomic" : "none" } as const;
      // `if taken(name): continue`, then all that are left at once: one that is taken meanwhile takes the others with it.
      // (Who tests them by name is this function: its callers know of no such test.)
      if (isRefused)
        return {
          ...explain(write, {
            message: `those whose ${column} another row has are left out: where it is taken after that, none of the others is written`,
            protection,
            read: search.site,
            test,
            row,
            severity: "low",
          }),
          ...(write.trail.length === 0 ? { regardless: true } : {}),
        };
      return explain(write, {
        message: `${column} is given to this row because no other has it: two requests both find that none has`,
        protection,
        read: search.site,
        test,
        row,
        ...(isTheSameForAll(row, write, column) ? { severity: "low" as const } : {}),
      });
    }
  return undefined;
}

/** `if taken(name): continue`, `row.name = name; rows.append(row)`, and at last `bulk_update(rows, ["name"])`. */
function testsOfEach(guards: readonly Guard[], { name, fields }: Effect): readonly Guard[] {
  if (name !== "bulk_update") return [];
  const arms = [...(fields?.values() ?? [])].flatMap((one) => one.steps);
  return guards.filter(({ missing, branch }) =>
    arms.some((step) => step.branch === branch && [...missing.values()].includes(step.arm)),
  );
}

/** The first that there is, given a value that is written down: two requests do the same to the same row. */
function isTheSameForAll({ fetch }: Row, write: Effect, column: string): boolean {
  return (
    /^(first|last|earliest|latest|\[0\])$/.test(fetch?.name ?? "") &&
    write.fields?.get(column)?.constant === true
  );
}

/** `objects.get()`: there is one row only, and which one has the value is no question. */
function isOnly({ fetch }: Row): boolean {
  const { name, query } = fetch ?? {};
  return name === "get" && query?.filters.length === 0 && !query.owner && !query.opaque;
}

/** Of a row whose table is out of sight: `exclude(pk=row.pk)` is asked of its own. */
function isOfSameTable({ model, query }: Effect, row: Row): boolean {
  if (row.model) return sameModel(model, row.model);
  return (query?.filters ?? []).some(
    ({ exclude, lookup, value }) => exclude && /^(pk|id)$/.test(lookup) && keyOf(value) === `${row.key}.pk`,
  );
}

/** A column that was searched for and is then written. */
function claimedColumn({ query }: Effect, write: Effect): string | undefined {
  const looked = new Set(
    (query?.filters ?? [])
      .filter((one) => !one.exclude)
      .map((one) => columnOf(one.lookup.replace(/__(exact|iexact)$/, ""))),
  );
  return [...(write.fields?.keys() ?? [])].find(
    (name) => looked.has(columnOf(name)) && isWritten(write, name),
  );
}

/** A constraint with a condition is there for such a column: which, its text says and not its fields. */
function covers(
  set: { readonly fields: readonly string[]; readonly conditional: boolean },
  column: string,
): boolean {
  return set.conditional || set.fields.some((one) => columnOf(one) === columnOf(column));
}
