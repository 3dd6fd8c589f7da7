import type { Effect } from "../effects/effect.ts";
import { candidatesOf } from "./gap-rule.ts";
import { insertedInTree } from "./nested-sets.ts";
import type { RuleContext, SourceRule } from "./rule.ts";

export const atomicWithoutLock: SourceRule = {
  id: "atomic-without-lock",
  weakness: "lost-update",
  title: "transaction.atomic without a lock around a read and the write that depends on it",
  severity: "medium",
  why: "A transaction makes changes appear together; it makes nobody wait. At READ COMMITTED, Django's default, two transactions may both read the old value and both write.",
  fix: "Read the row with select_for_update() inside the transaction, or change it in one statement: update() with F() or with a filter on the state that was tested.",
  never: [
    "a row read with `select_for_update()` in it",
    "`F()`",
    "writes that depend on nothing that was read of the row",
  ],
  examples: {
    racy: [
      `@transaction.atomic
def post(self, request):
    request.user.profile.score += request.data.get("score", 0)
    request.user.profile.save()
`,
      `def ping(self, action):
    with transaction.atomic():
        if self.status != action:
            Flip.objects.create(owner=self, old=self.status)
            self.status = action
        self.save()
`,
    ],
    safe: [
      `@transaction.atomic
def post(self, request):
    profile = Profile.objects.select_for_update().get(user=request.user)
    profile.score += request.data.get("score", 0)
    profile.save()
`,
      `def ping(self, action):
    with transaction.atomic():
        self = Check.objects.select_for_update().get(id=self.id)
        if self.status != action:
            Flip.objects.create(owner=self, old=self.status)
            self.status = action
        self.save()
`,
    ],
  },
  *find(context) {
    const found = candidatesOf(
      context,
      ["atomic"],
      ["counter", "document", "derived", "recomputed", "method", "rewritten", "state", "claim", "take"],
      ({ column }) => `${column} is read and written in a transaction that locks nothing`,
      (gap) => !gap.testedOutside,
    );
    yield* insertedInTree(context);
    for (const one of found) yield opensTransaction(context, one.at) ? { ...one, beside: true } : one;
  },
};

/**
 * `with transaction.atomic(): self._update_status(row)`: the row is given to the function that tests and changes it, which
 * has no transaction. A lock needs one: here is where it would be taken.
 */
function opensTransaction({ analysis }: RuleContext, { txns: [outer], origin }: Effect): boolean {
  const row = origin?.row;
  return (
    outer?.implicit === false &&
    outer.site.fn === analysis.fn &&
    origin?.txns.length === 0 &&
    row?.origin === "parameter" &&
    !row.fetch
  );
}
