import { type Effect, sameTransaction } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { coveredByUnique, isIntegrityHandled, sameTable } from "./creation.ts";
import { explain } from "./explain.ts";
import { pickedForNew, pickedRows } from "./free-row-picked.ts";
import { numberedByDefault } from "./numbered-by-default.ts";
import { numberedInClean } from "./numbered-in-clean.ts";
import { isWritten } from "./read-modify-write.ts";
import { ifRefused } from "./refused.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const nextValue: SourceRule = {
  id: "next-free-value",
  weakness: "duplicate-create",
  title: "the next number, or a free one, is computed from what is there, then inserted",
  severity: "medium",
  why: "Two requests compute the same next value from the same rows, and both insert it.",
  fix: "Let a sequence or the primary key number it; or lock what all of them share (a parent row, an advisory lock) before the rows are read; or insert under a unique constraint and try again on IntegrityError.",
  never: ["a lock before the rows are read", "an insert whose IntegrityError is handled"],
  examples: {
    racy: [
      `def post(self, request):
    last = Invoice.objects.aggregate(Max("number"))["number__max"]
    Invoice.objects.create(number=last + 1)
`,
      `def unique_slug(title):
    slug = slugify(title)
    n = 1
    while Article.objects.filter(slug=slug).exists():
        n += 1
        slug = slugify(title) + str(n)
    return slug

def post(self, request):
    article = Article(title=request.POST["title"], slug=unique_slug(request.POST["title"]))
    article.save()
`,
      `def post(self, request):
    last = Ticket.objects.order_by("-number").first()
    Ticket.objects.create(number=last.number + 1)
`,
    ],
    safe: [
      `@transaction.atomic
def reverse(intent):
    payment = Payment.objects.select_for_update().get(intent=intent, amount__gt=0)
    reversed = Payment.objects.filter(intent=intent, amount__lt=0).aggregate(total=Sum("amount"))["total"] or 0
    if payment.amount + reversed > 0:
        Payment.objects.create(intent=intent, amount=-payment.amount - reversed)
`,
      `def post(self, request):
    with transaction.atomic():
        series = Series.objects.select_for_update().get(pk=request.POST["series"])
        last = Invoice.objects.filter(series=series).aggregate(Max("number"))["number__max"]
        Invoice.objects.create(series=series, number=last + 1)
`,
      `def post(self, request):
    with advisory_lock("invoice-number"):
        last = Invoice.objects.aggregate(Max("number"))["number__max"]
        Invoice.objects.create(number=last + 1)
`,
      `def copy(self, request, pk):
    old = Ticket.objects.get(pk=pk)
    Ticket.objects.create(title=old.title)
`,
    ],
  },
  *find(context) {
    for (const create of context.effects) {
      if (create.kind !== "create" || create.name.startsWith("relation.")) continue;
      const found = computedFromTable(context, create) ?? picked(context, create);
      if (found) yield* withNumbering(found);
    }
    yield* chosenForOld(context);
    yield* numberedInSave(context);
    yield* numberedInClean(context);
    yield* numberedByDefault(context);
    yield* pickedRows(context);
    yield* pickedForNew(context);
  },
};

/**
 * `self.number = next_number()`: which of the two is mended, the lock is taken before the rows are read. Who numbers on
 * is named quietly beside who inserts.
 */
function* withNumbering(found: Candidate): Generator<Candidate> {
  yield found;
  const read = found.path.find((one) => one.role === "read")?.site;
  const inserts = found.site?.fn ?? found.at.site.fn;
  if (!read || read.fn === inserts || found.at.trail.some((call) => call.fn === read.fn)) return;
  if (NUMBERS_ON.test(read.fn.text().slice(read.start - read.fn.start)))
    yield { ...found, site: read, severity: "low" };
}

const NUMBERS_ON = /\+ ?1\b/;

/** `order.reference = unused_reference(); order.save()`: a value that no row had when it was asked. */
function* chosenForOld({ effects }: RuleContext): Generator<Candidate> {
  for (const write of effects) {
    if (write.kind !== "save" || !write.row?.fetch || isIntegrityHandled(write)) continue;
    for (const assigned of write.fields?.values() ?? []) {
      const search = assigned.deps
        .map((atom) => (atom.kind === "query" ? atom.effect : undefined))
        .find((one) => one && isAskedFor(one, write, assigned.name));
      if (!search || !isWritten(write, assigned.name)) continue;
      const protection = queryProtection(effects, search, write);
      if (protects(protection)) continue;
      yield explain(write, {
        message: `${assigned.name} was free when it was asked for: two requests may both be told so`,
        because: "nothing makes a second request wait between the question and the write",
        protection,
        row: write.row,
        read: search.site,
      });
      break;
    }
  }
}

/** Whether any row has this value in this column. */
function isAskedFor(search: Effect, write: Effect, column: string): boolean {
  return (
    search.kind === "exists" &&
    sameModel(search.model, write.model) &&
    (search.query?.filters ?? []).some(
      (one) => columnOf(one.lookup.replace(/__(exact|iexact)$/, "")) === columnOf(column),
    )
  );
}

const COUNTS = new Set<Effect["kind"]>(["aggregate", "count", "list", "exists"]);

function computedFromTable(context: RuleContext, create: Effect): Candidate | undefined {
  const { effects, program } = context;
  for (const atom of create.deps) {
    if (atom.kind !== "query" || !COUNTS.has(atom.effect.kind) || atom.effect.seq > create.seq) continue;
    const read = atom.effect;
    if (!sameTable(read, create, false)) continue;
    // `parent=queryset.first()` is a relation, no number.
    if (
      read.kind === "list" &&
      read.row &&
      create.deps.some((one) => one.kind === "field" && one.row === read.row)
    )
      continue;
    const protection = queryProtection(effects, read, create);
    if (protects(protection) || isIntegrityHandled(create)) continue;
    const isMany = create.name === "bulk_create";
    return explain(create, {
      message: isMany
        ? "which rows are made is found from those that are there: two requests make the same"
        : "a value of the new row is computed from the rows that are there: two requests compute the same",
      because: "nothing makes a second request wait between the read and the insert",
      protection,
      read: read.site,
      // The database refuses those of the second one: an error, and none twice.
      ...(isMany && coveredByUnique(program.models, create, read) ? { severity: "low" as const } : {}),
      ...ifRefused(context, create, read),
      ...calledFrom(read, create),
    });
  }
  return undefined;
}

/** Read in one called function and inserted in another: the gap is in the one that calls both. */
function calledFrom(read: Effect, create: Effect): { readonly site?: Effect["site"] } {
  const [call] = create.trail;
  return call && read.trail[0] !== call ? { site: call } : {};
}

/** `Ticket.objects.create(number=last.number + 1)`. */
function picked(context: RuleContext, create: Effect): Candidate | undefined {
  const { effects } = context;
  // A copy is named after what it is a copy of, and not numbered on.
  if (create.row?.isCopy) return undefined;
  for (const assigned of create.fields?.values() ?? []) {
    if (assigned.value.kind !== "scalar") continue;
    for (const atom of assigned.deps) {
      const read =
        atom.kind === "field" && columnOf(assigned.name) === atom.name ? atom.row.fetch : undefined;
      if (!read || !sameTable(read, create, false) || isHeld(read, create)) continue;
      const protection = queryProtection(effects, read, create);
      if (protects(protection) || isIntegrityHandled(create)) continue;
      return explain(create, {
        message: `${assigned.name} of the new row is computed from that of the last one: two requests compute the same`,
        because: "nothing makes a second request wait between the read and the insert",
        protection,
        read: read.site,
        ...ifRefused(context, create, read),
      });
    }
  }
  return undefined;
}

/**
 * `Payment.objects.select_for_update().get(intent=intent)`: all who take from this row wait for it. (The last of some is
 * another one as soon as there is a new row: who has waited goes on with the one before.)
 */
function isHeld({ name, query, txns }: Effect, create: Effect): boolean {
  const isLast = /^(first|last|latest|earliest|\[0\])$/.test(name);
  return !isLast && query?.locked === true && txns.length > 0 && sameTransaction(txns, create.txns);
}

/** `def save(self): self.number = last + 1; super().save()`: the row may be a new one. */
function* numberedInSave(context: RuleContext): Generator<Candidate> {
  const { effects } = context;
  const { fn } = context.analysis;
  for (const write of effects) {
    const { row } = write;
    if (
      write.kind !== "save" ||
      !row ||
      !(row.origin === "self" ? fn.name === "save" : isReceivers(write) || fn.name === "save_model") ||
      write.trail.length > 0 ||
      isIntegrityHandled(write)
    )
      continue;
    for (const assigned of write.fields?.values() ?? []) {
      const atom = assigned.deps.find(
        (one) => one.kind === "query" && asksTable(one.effect, row) && sameModel(one.effect.model, row.model),
      );
      // (`row._before`: an attribute that no table has.)
      if (atom?.kind !== "query" || assigned.database || assigned.name.startsWith("_")) continue;
      const protection = queryProtection(effects, atom.effect, write);
      if (protects(protection)) continue;
      yield* withNumbering(
        explain(write, {
          message: `${assigned.name} of a new row is computed from the rows that are there: two requests compute the same`,
          because: "nothing makes a second request wait between the read and the insert",
          protection,
          read: atom.effect.site,
          compute: assigned.site,
          ...ifRefused(context, write, atom.effect),
        }),
      );
      break;
    }
  }
}

/** The save that a receiver of `pre_save` runs before: it stands at the head of its function. */
function isReceivers({ site, row }: Effect): boolean {
  return row?.parameter === "instance" && site.end === site.fn.start;
}

/** About all rows, and not about those that belong to this one. */
function asksTable({ kind, query, row }: Effect, written: Row): boolean {
  if (query?.owner && query.owner.row.key === written.key) return false;
  return COUNTS.has(kind) || (kind === "fetch" && row !== undefined);
}
