import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";
import { summedThenDeleted } from "./summed-then-deleted.ts";

export const readModifyWrite: SourceRule = {
  id: "read-modify-write",
  weakness: "lost-update",
  title: "a column is computed from others of the row, and saved",
  severity: "medium",
  why: "The value written follows from columns that were read before and that the same code changes. A request in between works on the old state, and one of the two results is overwritten.",
  fix: "Read the row with select_for_update() inside transaction.atomic() before the value is computed, or compute it in one UPDATE with F().",
  never: [
    "a row read under a lock in the transaction that saves it",
    "columns computed from what nobody changes here",
  ],
  examples: {
    racy: [
      `def finish(request, pk):
    run = Run.objects.get(pk=pk)
    run.duration = timezone.now() - run.started
    run.started = None
    run.save()
`,
      `def check(self, monitor):
    monitor.status = monitor.get_status()
    monitor.save()
    monitor.send_alert()
`,
    ],
    safe: [
      `@transaction.atomic
def finish(request, pk):
    run = Run.objects.select_for_update().get(pk=pk)
    run.duration = timezone.now() - run.started
    run.started = None
    run.save()
`,
      `def rename(request, pk):
    article = Article.objects.get(pk=pk)
    article.slug = slugify(article.title)
    article.save(update_fields=["slug"])
`,
    ],
  },
  *find(context) {
    yield* summedThenDeleted(context);
    yield* candidatesOf(
      context,
      ["none"],
      ["derived", "recomputed", "method", "rewritten"],
      ({ column, kind }) =>
        kind === "recomputed"
          ? `${column} is computed from rows that another request may add to or change before it is saved`
          : `${column} is computed from what the row held when it was read, and saved`,
    );
  },
};
