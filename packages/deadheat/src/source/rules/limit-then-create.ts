import { compatible, type Effect, type Guard } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { type Assigned, type Atom, columnOf, type Deps, hangsOn } from "../effects/values.ts";
import { isOwnExpression } from "./acts.ts";
import { countedPastLimit } from "./counted-past-limit.ts";
import { isAskedAgain, isTakenBack, sameTable } from "./creation.ts";
import { explain } from "./explain.ts";
import { limitedByColumn } from "./limit-by-column.ts";
import { isConditional } from "./read-modify-write.ts";
import { roomByFilter } from "./room-by-filter.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const limitThenCreate: SourceRule = {
  id: "limit-then-act",
  weakness: "limit-overrun",
  title: "a limit is tested, then used up",
  severity: "high",
  why: "Requests that count at the same time all see room for one more. The limit holds for one request after the other, and for nobody else.",
  fix: 'Lock a row that all of them share (the owner\'s, with select_for_update()) before counting, or spend in one statement, filter(pk=row.pk, used__lt=limit).update(used=F("used") + 1), and look at its row count.',
  never: ["a count under a lock", "a conditional `update()` that names the limit"],
  examples: {
    racy: [
      `def post(self, request):
    tokens = Token.objects.filter(user=request.user)
    if tokens.count() >= 10:
        return Response(status=403)
    Token.objects.create(user=request.user)
`,
      `def post(self, request):
    if request.user.token_set.count() >= self.limit:
        return Response(status=403)
    return self.make(request)

def use(code):
    if code.used >= code.limit:
        raise ValueError()
    code.used = F("used") + 1
    code.save(update_fields=["used"])
`,
      `class Course(models.Model):
    places = models.IntegerField()
    taken = models.IntegerField(default=0)

def book(request, pk):
    course = Course.objects.get(pk=pk)
    if course.taken >= course.places:
        return HttpResponse(status=409)
    Booking.objects.create(course=course, user=request.user)

@receiver(post_save, sender=Booking)
def count(sender, instance, **kwargs):
    Course.objects.filter(pk=instance.course_id).update(taken=F("taken") + 1)
`,
    ],
    safe: [
      `@transaction.atomic
def post(self, request):
    user = User.objects.select_for_update().get(pk=request.user.pk)
    if Token.objects.filter(user=user).count() >= 10:
        return Response(status=403)
    Token.objects.create(user=user)
`,
      `def use(code):
    if Code.objects.filter(pk=code.pk, used__lt=code.limit).update(used=F("used") + 1) != 1:
        raise ValueError()
`,
    ],
  },
  *find(context) {
    for (const effect of context.effects) {
      if (/^(create|get-or-create|delete)$/.test(effect.kind)) {
        const found =
          counted(context, effect) ??
          (effect.kind === "create" ? (chosen(context, effect) ?? roomByFilter(context, effect)) : undefined);
        if (found) yield found;
        else if (effect.kind === "create") yield* limitedByColumn(context, effect);
      } else if (effect.kind === "save" || effect.kind === "update") {
        const found = incremented(context, effect) ?? countedPastLimit(context, effect);
        if (found) yield found;
      }
    }
  },
};

const COUNTS = new Set<Effect["kind"]>(["count", "aggregate", "list"]);

/** `state = "waiting" if count >= places else "booked"`: what the new row is, depends on how many there are. */
function chosen({ effects }: RuleContext, create: Effect): Candidate | undefined {
  // A later value may stand in its place on another way.
  const earlier = (create.row?.assigned ?? []).filter((one) => compatible(one.steps, create.steps));
  for (const assigned of new Set([...(create.fields?.values() ?? []), ...earlier]))
    for (const atom of choiceOf(assigned)) {
      if (atom.kind !== "query" || !COUNTS.has(atom.effect.kind)) continue;
      const read = atom.effect;
      const protection = queryProtection(effects, read, create);
      if (!sameTable(read, create, false) || protects(protection)) continue;
      return explain(create, {
        message: `${assigned.name} says whether there was room, by a count of the rows that are there: requests at once all see room`,
        because: "nothing makes a second request wait between the count and the insert",
        protection,
        read: read.site,
        compute: assigned.site,
        severity: "medium",
      });
    }
  return undefined;
}

/** The counts by which a value was chosen. */
function choiceOf({ value, chosenBy = [] }: Assigned): Deps {
  const isTruth = value.kind === "scalar" && value.ordered === true;
  return isTruth ? [...chosenBy, ...value.deps.filter((one) => isCompared(one, value.missing))] : chosenBy;
}

function isCompared(atom: Atom, missing: ReadonlyMap<Effect, number> | undefined): boolean {
  return atom.kind === "query" && missing?.has(atom.effect) !== true;
}

function counted({ effects }: RuleContext, create: Effect): Candidate | undefined {
  // What this request has made is taken back: nobody counts on that.
  if (create.kind === "delete" && create.row?.origin === "new") return undefined;
  // In place of all that there are: they do not become more.
  if (create.name === "relation.set") return undefined;
  for (const guard of create.guards) {
    if (!guard.ordered) continue;
    for (const atom of guard.deps) {
      if (atom.kind !== "query" || !["count", "aggregate", "list", "exists"].includes(atom.effect.kind))
        continue;
      if (guard.missing.has(atom.effect) || !sameTable(atom.effect, create, false)) continue;
      if (!isOfRelation(atom.effect, create) || asksForAll(guard, atom.effect)) continue;
      const protection = queryProtection(effects, atom.effect, create);
      if (protects(protection) || isAskedAgain(effects, create, atom.effect)) continue;
      if (isTakenBack(effects, create) || isCutOff(create, atom.effect)) continue;
      return explain(create, {
        message:
          create.kind === "delete"
            ? "rows are counted, then one is deleted: requests at once all see enough of them"
            : "rows are counted against a limit, then one more is made: requests at once all see room",
        because: `nothing makes a second request wait between the count and the ${create.kind === "delete" ? "delete" : "insert"}`,
        // Often the oldest of too many: one more of those is gone.
        ...(create.kind === "delete" ? { severity: "low" as const } : {}),
        protection,
        read: atom.effect.site,
        test: guard,
        ...outermost(create, guard),
      });
    }
  }
  return undefined;
}

/** `for old in entries[: entries.count() - KEPT]: old.delete()`: cut to a length, and not one of them that had to stay. */
function isCutOff({ kind, row }: Effect, counted: Effect): boolean {
  const from = row?.origin === "element" ? row.fetch : undefined;
  const lookups = ({ query }: Effect) => query?.filters.map((one) => one.lookup).join();
  return (
    kind === "delete" &&
    from?.kind === "list" &&
    counted.kind === "count" &&
    from.query?.opaque === true &&
    lookups(from) === lookups(counted)
  );
}

/** `Tag.objects.filter(name__in=names).count() < len(names)`: whether all of them are there, and no limit. */
function asksForAll({ site: { fn, start, end } }: Guard, { query }: Effect): boolean {
  const isAmong = (query?.filters ?? []).some(({ lookup, exclude }) => !exclude && lookup.endsWith("__in"));
  return isAmong && /\blen\(/.test(fn.module.source.text.slice(start, end));
}

/** `series.dependencies.add(other)` makes no row of theirs: counted is what belongs to `series`, or something else. */
function isOfRelation({ query: counted }: Effect, { name, query }: Effect): boolean {
  const owner = name.startsWith("relation.") ? query?.owner : undefined;
  if (!owner || counted?.through !== undefined) return true;
  return counted?.owner ? counted.owner.name === owner.name : hangsOn(counted, owner.row.key);
}

/** Counted here and made in a function called from here: the gap is here. */
function outermost(create: Effect, guard: Guard): { readonly site?: Effect["site"] } {
  const [call] = create.trail;
  return call && guard.trail.length === 0 ? { site: call } : {};
}

/** Read in another function, but compared here; or asked for here and written in a called function. */
function isToldApart({ site }: Guard, write: Effect): boolean {
  return write.trail.length > 0 || /[<>]/.test(site.fn.module.source.text.slice(site.start, site.end));
}

/** `if code.used >= code.limit: raise`, then `F("used") + 1`: the database adds, but tests nothing. */
function incremented({ effects, program }: RuleContext, write: Effect): Candidate | undefined {
  for (const assigned of write.fields?.values() ?? []) {
    // (What an expression of the project's own adds or leaves is written in SQL.)
    if (!assigned.database || isOwnExpression(assigned.value)) continue;
    const column = columnOf(assigned.name);
    for (const guard of write.guards) {
      // A test in a called function may be one of several: only one that is seen here counts.
      const isHere = guard.trail.length === 0;
      if (!guard.ordered || (!isHere && guard.trail.length !== write.trail.length)) continue;
      for (const atom of guard.deps) {
        if (atom.kind !== "field" || atom.name !== column || isConditional(write, column)) continue;
        if (atom.row.key !== (write.row?.key ?? write.key)) continue;
        if (atom.site.fn !== write.site.fn && !(isHere && isToldApart(guard, write))) continue;
        const protection = protectionOf(effects, atom.row, write, program.models);
        if (protects(protection) || !["none", "atomic"].includes(protection.coverage)) continue;
        return explain(write, {
          message: `${assigned.name} is tested against a limit, then increased without naming the limit`,
          because: "F() adds what is right, but whether there was room was asked before",
          protection,
          read: atom.site,
          test: guard,
          severity: "medium",
        });
      }
    }
  }
  return undefined;
}
