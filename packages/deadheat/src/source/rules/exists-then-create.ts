import type { Effect, Guard } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { OF_CONSTRAINT } from "../effects/unique-validators.ts";
import { isClaimedFirst, isNotedOnLocked } from "./claimed-first.ts";
import {
  coveredByUnique,
  hasActedBefore,
  isAskedAgain,
  isConflictHandled,
  isTakenBack,
  sameTable,
} from "./creation.ts";
import { explain } from "./explain.ts";
import { isHeld, isOfLockedSet, isSecondTry } from "./locked-set.ts";
import { madeAnew } from "./made-anew.ts";
import { madeElsewhere } from "./made-elsewhere.ts";
import { madeForEmpty } from "./made-for-empty.ts";
import { isLookedForWhole, isRaisedEitherWay } from "./raised-either-way.ts";
import { isRefusedBelow } from "./refused-below.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";
import { switchedOff } from "./switched-off.ts";
import { givenToThoseWithout } from "./those-without.ts";

export const existsThenCreate: SourceRule = {
  id: "exists-then-create",
  weakness: "duplicate-create",
  title: "a row is made because there was none",
  severity: "medium",
  why: "Two requests both find nothing and both create. Without a unique constraint there are two rows; with one, the second request fails with an IntegrityError that nobody handles.",
  fix: "Declare a unique constraint and use get_or_create(), or create first and handle IntegrityError inside a transaction.atomic() block of its own.",
  never: [
    "`get_or_create` over a unique set",
    "a create whose IntegrityError is handled",
    "a lock taken before the search",
    "what is made by the one who has claimed the row that it belongs to",
  ],
  examples: {
    racy: [
      `def subscribe(request):
    if Subscription.objects.filter(email=request.POST["email"]).exists():
        return HttpResponse(status=409)
    Subscription.objects.create(email=request.POST["email"])
`,
      `def set(self, key, value):
    try:
        setting = Setting.objects.get(key=key)
    except Setting.DoesNotExist:
        Setting.objects.create(key=key, value=value)
    else:
        setting.value = value
        setting.save(update_fields=["value"])
`,
      `def metadata(checkout):
    if hasattr(checkout, "metadata"):
        return checkout.metadata
    else:
        return Metadata.objects.create(checkout=checkout)
`,
      `def find(user):
    return Cart.objects.filter(user=user).first()

def cart_of(user):
    cart = find(user)
    if cart is None:
        cart = Cart.objects.create(user=user)
    return cart
`,
      `def pay(pk):
    cart = Cart.objects.get(pk=pk)
    cart.payments.filter(active=True).update(active=False)
    cart.payments.create(active=True)
`,
    ],
    safe: [
      `def cart_of(user):
    cart, created = Cart.objects.get_or_create(user=user)
    return cart
`,
      `def set(self, key, value):
    try:
        setting = Setting.objects.get(key=key)
    except Setting.DoesNotExist:
        try:
            with transaction.atomic():
                Setting.objects.create(key=key, value=value)
        except IntegrityError:
            setting = Setting.objects.get(key=key)
`,
      `@transaction.atomic
def cart_of(pk):
    user = User.objects.select_for_update().get(pk=pk)
    if not Cart.objects.filter(user=user).exists():
        Cart.objects.create(user=user)
`,
      `def reply(request, pk):
    parent = Comment.objects.filter(pk=pk).first()
    if parent is None:
        return HttpResponse(status=404)
    Comment.objects.create(parent=parent)
`,
    ],
  },
  *find(context) {
    for (const create of context.effects) {
      if (create.kind !== "create" || create.name.startsWith("relation.")) continue;
      const found = searchBefore(context, create) ?? givenToThoseWithout(context, create);
      if (found) yield found;
    }
    yield* madeForEmpty(context);
    yield* madeAnew(context);
    yield* switchedOff(context);
    yield* madeElsewhere(context);
  },
};

const SEARCHES = new Set<Effect["kind"]>(["exists", "fetch", "list", "count", "update"]);

/** The search whose empty answer led to `create`. */
function searchBefore(context: RuleContext, create: Effect): Candidate | undefined {
  for (const guard of create.guards)
    for (const atom of guard.deps) {
      if (atom.kind !== "query") continue;
      const search = atom.effect;
      if (!SEARCHES.has(search.kind) || search.query === undefined) continue;
      // `if not filter(…).update(…)`: nothing was there to change.
      if (search.kind === "update" && !guard.missing.has(search)) continue;
      if (!meansMissing(guard, search, create) || !sameTable(search, create, guard.kind === "missing"))
        continue;
      if (isAmongOthers(search, create)) continue;
      if (isOfOneRow(search, create) || isOfParent(search, create) || isClaimedFirst(create, search))
        continue;
      const protection = queryProtection(context.effects, search, create);
      if (protects(protection)) continue;
      if (isAskedAgain(context.effects, create, search) || isTakenBack(context.effects, create)) continue;
      if (search.row && create.fields && isCopy(search, create)) continue;
      if (isAmongNew(search) || isForAnotherKey(search, create)) continue;
      const { models } = context.program;
      const covered = coveredByUnique(models, create, search);
      const isBelow = isRefusedBelow(create, guard);
      if (isRaisedEitherWay(guard) && isLookedForWhole(models, create, search)) continue;
      if (isConflictHandled(models, create, covered) && !isBelow) continue;
      if (covered && (isNotedOnLocked(context.effects, create) || isHeld(search, create))) continue;
      if (isOfLockedSet(search, create, guard) || isSecondTry(context.effects, create)) continue;
      // Validated for a friendly answer, and made by the framework: it says the same where that comes too late.
      const isFrameworks = /^(form|serializer)\.save$/.test(create.name);
      if (covered && isFrameworks && /^(validate|clean)(_|$)/.test(guard.site.fn.name)) continue;
      return explain(create, {
        message:
          guard.kind === "missing" || search.kind === "fetch"
            ? "a row is looked for and, where it is missing, made: two requests make two, or one fails"
            : "whether there is such a row is asked before one is made: two requests both hear no",
        protection,
        read: search.site,
        test: guard,
        confidence: covered ? "high" : "medium",
        // Without a unique set it has nothing to create first, or to get instead.
        own: !covered || isBelow,
        // The database stays right: one of the two gets an error, which its next try mends.
        ...((isRefused(context, create, search) && !hasActedBefore(context.effects, create)) ||
        isMadeOnce(search, covered) ||
        isBelow
          ? { severity: "low" as const }
          : {}),
        about: placeOf(search),
        because: covered
          ? isBelow
            ? "a unique constraint refuses the second row, and what makes it answers with an error that nobody wants here"
            : "a unique constraint refuses the second row, and nobody handles the IntegrityError"
          : "nothing makes a second request wait between the search and the insert",
      });
    }
  return undefined;
}

/** `users.filter(pk=user.pk).exists()`: about a row that is there; the new one gets another key. */
function isOfOneRow({ kind, query }: Effect, { lookups, model }: Effect): boolean {
  if (isThrough(query, model)) return false;
  const isKey = (name: string) => /^(pk|id)$/.test(name);
  const filters = (query?.filters ?? []).filter((one) => !one.exclude);
  return (
    kind === "exists" &&
    filters.length > 0 &&
    filters.every((one) => isKey(one.lookup)) &&
    // (Among those of another row: whether it belongs there.)
    (query?.owner !== undefined || lookups?.some((one) => isKey(one) || one === "*") !== true)
  );
}

/** `if order.lines.filter(is_gift=True).exists(): raise`, then `Line.objects.bulk_create(lines)`: whose, and of what kind, is not seen. */
function isAmongOthers({ query }: Effect, { name, lookups }: Effect): boolean {
  return (
    name === "bulk_create" && lookups?.length === 0 && query?.owner !== undefined && query.filters.length > 0
  );
}

/** `filter(pk=self.parent_id, path__startswith=self.path)`: of the row that this one is to hang on, where in the tree it is. */
function isOfParent({ query }: Effect, { row }: Effect): boolean {
  return (query?.filters ?? []).some(({ lookup, value, exclude }) => {
    const at = value.kind === "row" ? value.parent : undefined;
    if (exclude || !/^(pk|id)(__exact)?$/.test(lookup) || !at || !row) return false;
    return at.row.key === row.key && !/^(pk|id)$/.test(at.name);
  });
}

/** `group.members.filter(pk=user.pk)`: by the user's key, but what is made is a row of the table between. */
function isThrough(query: Effect["query"], model: Effect["model"]): boolean {
  return query?.through !== undefined && query.through === model?.name;
}

function isRefused({ program }: RuleContext, create: Effect, search: Effect): boolean {
  // What a constraint with a condition excludes was asked for as such: it is what the database refuses.
  return coveredByUnique(program.models, create, search, { always: search.name !== OF_CONSTRAINT });
}

/** Is `create` on the arm that is taken when `search` found nothing? */
export function meansMissing(guard: Guard, search: Effect, create: Effect): boolean {
  if (guard.kind === "missing") return true;
  const missing = guard.missing.get(search);
  if (missing === undefined) return search.kind === "exists";
  const step = create.steps.find((one) => one.branch === guard.branch);
  return step === undefined || step.arm === missing;
}

/** One row that no request chooses (the anonymous user, the default site): made once, and there ever after. */
function isMadeOnce({ query }: Effect, covered: boolean): boolean {
  if (!query || query.owner || query.opaque || query.filters.length === 0) return false;
  const isOne = covered || query.filters.some(({ lookup }) => /^(pk|id)$/.test(lookup));
  return (
    isOne &&
    query.filters.every(
      ({ value }) => (value.kind === "scalar" && value.literal !== undefined) || value.kind === "module",
    )
  );
}

/** Looked for among what hangs on a row that this request has just made: nobody else adds to that. */
function isAmongNew({ query }: Effect): boolean {
  const holders = [
    query?.owner?.row,
    ...(query?.filters ?? []).map(({ value, exclude }) => (exclude ? undefined : value)),
  ];
  return holders.some((one) => one?.kind === "row" && one.origin === "new" && !one.fetch);
}

/** Looked for by its primary key, and made with one of its own: what is made is never what was looked for. */
function isForAnotherKey({ query }: Effect, create: Effect): boolean {
  if (isThrough(query, create.model)) return false;
  const isKey = (name: string) => /^(pk|id)(__exact)?$|^\*$/.test(name);
  const lookups = (query?.filters ?? []).filter((one) => !one.exclude);
  const given = create.lookups ?? [];
  return lookups.some((one) => isKey(one.lookup)) && given.length > 0 && !given.some(isKey);
}

/** Of all that is made where one search has found nothing, one message is enough. */
function placeOf({ site: { fn, start } }: Effect): string {
  return `${fn.module.path}:${fn.qualified}:${start - fn.start}`;
}

/** A new row made from the one that was found. */
function isCopy(search: Effect, create: Effect): boolean {
  return create.deps.some((atom) => atom.kind === "field" && atom.row === search.row);
}
