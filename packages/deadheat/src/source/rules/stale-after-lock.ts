import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";

export const staleAfterLock: SourceRule = {
  id: "stale-after-lock",
  weakness: "lost-update",
  title: "the row is locked, but the object from before the lock is used",
  severity: "medium",
  why: "select_for_update() returns a fresh object. The one that was read earlier still holds the old values, and saving it writes them back over what the lock waited for.",
  fix: "Use the object that select_for_update() returned, or call refresh_from_db() on the old one after the lock.",
  never: [
    "an object refreshed after the lock",
    "a comparison of the old object with the locked one before the write",
  ],
  examples: {
    racy: [
      `def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    with transaction.atomic():
        Profile.objects.select_for_update().get(pk=profile.pk)
        profile.score += 1
        profile.save()
`,
    ],
    safe: [
      `def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    with transaction.atomic():
        profile = Profile.objects.select_for_update().get(pk=profile.pk)
        profile.score += 1
        profile.save()
`,
      `def add(request, pk):
    profile = Profile.objects.get(pk=pk)
    with transaction.atomic():
        Profile.objects.select_for_update().get(pk=profile.pk)
        profile.refresh_from_db()
        profile.score += 1
        profile.save()
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["stale"],
      ["counter", "document", "derived", "recomputed", "method", "rewritten", "state", "claim", "take"],
      ({ column, kind }) =>
        kind === "recomputed"
          ? `${column} is computed from rows that were looked at before the lock`
          : `${column} comes from an object that was read before the lock`,
    );
  },
};
