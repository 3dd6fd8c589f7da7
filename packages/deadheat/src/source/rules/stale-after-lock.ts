import { compatible, sameTransaction } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import { candidatesOf } from "./gap-rule.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

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
    yield* savedBesideLocked(context);
  },
};

/**
 * `Incident.objects.select_for_update().get(pk=serializer.instance.pk)`, then `serializer.save()`: the framework saves
 * the object that it was given, all columns of it, and not the one that was read under the lock.
 */
function* savedBesideLocked({ effects }: RuleContext): Generator<Candidate> {
  for (const write of effects) {
    const { row } = write;
    if (write.kind !== "save" || !/^(form|serializer)\.save$/.test(write.name) || !row) continue;
    if (row.fetch?.query?.locked || row.parent?.name !== "instance" || (write.partial ?? false)) continue;
    const lock = locksOf(effects).find(
      (one) =>
        one.row?.key === row.key &&
        one.seq < write.seq &&
        one.txns.length > 0 &&
        sameTransaction(one.txns, write.txns) &&
        compatible(one.steps, write.steps),
    );
    if (!lock || row.refreshes.some((one) => one.seq > lock.seq)) continue;
    yield explain(write, {
      message: "the row is read again under a lock, and the object that is saved is the one from before it",
      protection: { coverage: "stale", lock },
      row,
      severity: "medium",
      about: row.key,
    });
  }
}
