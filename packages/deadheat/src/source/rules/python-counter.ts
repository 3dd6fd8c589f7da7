import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";

export const pythonCounter: SourceRule = {
  id: "python-counter",
  weakness: "lost-update",
  title: "a number is changed in Python and saved",
  severity: "high",
  why: "The new value is computed from one that was read before. Two requests that read the same value both write the same result, and one of the changes is lost.",
  fix: 'Let the database compute it: Model.objects.filter(pk=row.pk).update(n=F("n") + amount). Where the new value must be tested first, read the row with select_for_update() inside transaction.atomic().',
  never: [
    "`F()` and other database expressions",
    "a row read with `select_for_update()` in the transaction that saves it",
    "a row that this request has just made",
  ],
  examples: {
    racy: [
      `def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    profile.score += 1
    profile.save()
`,
      `class Stock(models.Model):
    allocated = models.IntegerField(null=True)

    def allocate(self, quantity):
        if self.allocated is None:
            self.allocated = 0
        self.allocated += quantity
        self.save()
`,
      `def add(request, pk):
    profile = get_object_or_404(Profile, pk=pk)
    total = profile.score + int(request.POST["n"])
    setattr(profile, "score", total)
    profile.save(update_fields=["score"])
`,
    ],
    safe: [
      `def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    profile.score = F("score") + 1
    profile.save(update_fields=["score"])
`,
      `def add(request, pk):
    with transaction.atomic():
        profile = Profile.objects.select_for_update().get(pk=pk)
        profile.score += 1
        profile.save()
`,
      `def add(request):
    profile = Profile(score=1)
    profile.score += 1
    profile.save()
`,
      `def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    profile.score += 1
    profile.save(update_fields=["name"])
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["none"],
      ["counter"],
      ({ column }) =>
        `${column} is read, changed in Python and saved: of two requests at once, one change is lost`,
    );
  },
};
