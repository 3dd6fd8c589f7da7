import type { Effect, Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { type Atom, columnOf, meansRow } from "../effects/values.ts";
import type { Models } from "../project/models.ts";
import { explain } from "./explain.ts";
import { isConditional } from "./read-modify-write.ts";
import type { Candidate, RuleContext, Undecided, Writers } from "./rule.ts";

type FieldAtom = Atom & { readonly kind: "field" };

/**
 * `if course.taken >= course.capacity: raise`, then a booking of the course is made, and some other function counts it
 * in `taken`: until it has, all who ask hear that there is room.
 */
export function* limitedByColumn(
  { effects, program: { models }, analysis: { fn } }: RuleContext,
  create: Effect,
): Generator<Candidate | Undecided> {
  const seen = new Set<string>();
  for (const test of create.guards) {
    if (!test.ordered) continue;
    for (const atom of test.deps) {
      if (atom.kind !== "field" || !isNumber(models, atom) || seen.has(atom.name)) continue;
      if (!isComparedWithOwn(test, atom) || !isMadeFor(create, atom.row.key)) continue;
      seen.add(atom.name);
      const protection = protectionOf(effects, atom.row, create, models);
      if (protects(protection) || isAskedOfTheDatabase(create, atom)) continue;
      const model = atom.row.model!.name;
      const except = `${fn.module.path}:${fn.qualified}`;
      yield {
        at: create,
        decide: (writers) =>
          isCounted(writers, model, except, atom.name)
            ? explain(create, {
                message: `${atom.name} is compared with a limit, then a row is made that is counted there afterwards: requests at once all see room`,
                because: "nothing makes a second request wait between the comparison and the insert",
                protection,
                row: atom.row,
                read: atom.site,
                test,
                about: `${atom.row.key}.${atom.name}`,
                severity: "medium",
              })
            : undefined,
      };
    }
  }
}

function isNumber(models: Models, { row, name }: FieldAtom): boolean {
  const type = (row.model && models.fields(row.model).get(name)?.type) ?? "";
  return /(Integer|Decimal|Float)Field$/.test(type);
}

/** With another column of the row: how many there are, and how many there may be. */
function isComparedWithOwn({ deps }: Guard, { row, name }: FieldAtom): boolean {
  return deps.some((one) => one.kind === "field" && one.row.key === row.key && one.name !== name);
}

/** The new row points to the one that was asked. */
function isMadeFor({ fields, query }: Effect, key: string): boolean {
  return (
    query?.owner?.row.key === key || [...(fields?.values() ?? [])].some((one) => meansRow(one.value, key))
  );
}

/** `if not filter(pk=pk, taken__lt=F("capacity")).update(…): return`: the comparison was the quick answer. */
function isAskedOfTheDatabase({ guards }: Effect, { name }: FieldAtom): boolean {
  return guards.some(({ deps }) =>
    deps.some(
      (one) => one.kind === "query" && one.effect.kind === "update" && isConditional(one.effect, name),
    ),
  );
}

/** Named for what there is of something. */
const IS_AMOUNT =
  /(^|_)(count|number|num|total|used|usage|taken|occupied|current|sold|reserved|booked|filled|remaining|left|available|balance|stock|quantity|size|enrolled|registered)(_|$|s$)/;

/** Another function counts in the column: by the database, or anew from what there is. */
function isCounted(writers: Writers, model: string, except: string, column: string): boolean {
  return writers
    .others(model, except)
    .some((one) => one.columns.has(columnOf(column)) && (one.direct || IS_AMOUNT.test(column)));
}
