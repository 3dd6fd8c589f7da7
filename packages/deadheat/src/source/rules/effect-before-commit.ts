import { isChangeOfAdmin } from "../effects/admin.ts";
import { compatible, type Effect, isWrite, precedes, sameTransaction } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import type { Site } from "../effects/values.ts";
import { isIrrevocable } from "./acts.ts";
import { fileGoesWithItsRow, leavesBeforeSendersCommit, leavesWithItsRow } from "./before-senders-commit.ts";
import { cacheBeforeCommit } from "./cache-before-commit.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";
import { sentBySave } from "./sent-by-save.ts";
import { signalsBeforeCommit } from "./signals-before-commit.ts";
import { isDueLater, isForWorker, isTask, TASK } from "./tasks.ts";
import { tasksUnlikeOthers } from "./tasks-unlike-others.ts";

export const effectBeforeCommit: SourceRule = {
  id: "effect-before-commit",
  weakness: "effect-before-commit",
  title: "mail, a task or a call leaves, or the cache is emptied, before the transaction commits",
  severity: "medium",
  why: "The worker that takes the task may look for the row before it is committed, and a rollback does not call a mail back. Who misses an entry of the cache before the commit, keeps the old row in it.",
  fix: "transaction.on_commit(lambda: task.delay(row.pk)).",
  never: [
    "what is handed to `on_commit`",
    "what leaves before anything is written, or outside of a transaction",
    "a task that is due at a given time, or in minutes: by then the transaction has ended",
  ],
  examples: {
    racy: [
      `@transaction.atomic
def order(request):
    order = Order.objects.create(user=request.user)
    charge.delay(order.pk)
`,
      `def notify(order):
    send_mail("Thanks", order.text, None, [order.email])

def order(request):
    with transaction.atomic():
        order = Order.objects.create(user=request.user)
        notify(order)
`,
      `@transaction.atomic
def rename(pk, name):
    Flag.objects.filter(pk=pk).update(name=name)
    cache.delete("flags")
    Log.objects.create(text=name)
`,
    ],
    safe: [
      `@transaction.atomic
def order(request):
    order = Order.objects.create(user=request.user)
    transaction.on_commit(lambda: charge.delay(order.pk))
`,
      `def order(request):
    with transaction.atomic():
        order = Order.objects.create(user=request.user)
    charge.delay(order.pk)
`,
    ],
  },
  *find(context) {
    const { effects, program } = context;
    yield* signalsBeforeCommit(context);
    yield* tasksUnlikeOthers(context);
    yield* cacheBeforeCommit(context);
    const reported = new Set<unknown>();
    // (What leaves with a row that is saved is told where nothing else leaves.)
    for (const effect of [...effects.filter((one) => !one.onSave), ...effects.filter((one) => one.onSave)]) {
      const received = effect.kind === "external" ? leavesBeforeSendersCommit(context, effect) : undefined;
      if (received) yield received;
      if (effect.kind !== "external" || effect.deferred || isDueLater(effect)) continue;
      if (effect.txns.length === 0) {
        const overridden = leavesWithItsRow(context, effect) ?? fileGoesWithItsRow(effect);
        if (overridden) yield overridden;
        else yield* sentBySave(context, effect);
        continue;
      }
      const [outer] = effect.txns;
      const before = effects.filter(
        (one) => isWrite(one) && precedes(one, effect) && sameTransaction(one.txns, effect.txns),
      );
      const [write] = before;
      if (!write || isKeptSingle(effects, effect)) continue;
      const isFirst = !reported.has(outer);
      reported.add(outer);
      const own = outer?.site.fn === effect.site.fn;
      const isLoud = isForWorker(effect) || isIrrevocable(effect.name);
      const told = {
        message: `${effect.name.split(".").slice(-2).join(".")} leaves before the transaction commits`,
        because: outer?.implicit
          ? "ATOMIC_REQUESTS puts the whole request into one transaction"
          : outer && isChangeOfAdmin(program.project, outer.site.fn)
            ? "Django's admin makes each change in a transaction"
            : "it is called inside transaction.atomic()",
        protection: { coverage: "none" },
        severity: effect.txns.every((one) => one.implicit) || effect.onSave || !isLoud ? "low" : "medium",
        confidence: own ? "high" : "medium",
        interleaving: [
          "A writes   in its transaction",
          "A sends    the task, the mail",
          "B (the worker) reads: the row is not there yet",
          "A commits, or rolls back and the mail is out",
        ],
      } as const;
      // Of all that leaves in one transaction, the first says it; of each function that sends, once.
      if (!isFirst && (own || reported.has(effect.site.fn))) continue;
      reported.add(effect.site.fn);
      if (isFirst)
        yield explain(effect, {
          ...told,
          also: [write],
          ...(!own && outer && effect.trail[0] ? { site: effect.trail[0] } : {}),
        });
      const inSave =
        effect.trail.find((call) => isSave(call)) ?? (isSave(effect.site) ? effect.site : undefined);
      if (inSave && !own)
        yield explain(effect, { ...told, also: [write], severity: "low", site: inSave, about: "save" });
      const helper = own || !isLoud ? undefined : doesBoth(before, effect);
      if (helper)
        yield explain(effect, { ...told, also: [helper.write], severity: "low", site: helper.site });
      // A function of its own that only sends can wait for the commit, for all who call it.
      if (!own && isTask(effect) && isForWorker(effect))
        yield explain(effect, { ...told, also: [write], severity: "low", site: effect.site });
    }
  },
};

/**
 * A called function that writes and sends: there it is mended, for all who call it in a transaction. It is named
 * quietly beside the caller, as it is the same gap.
 */
function doesBoth(
  writes: readonly Effect[],
  { trail, site }: Effect,
): { readonly write: Effect; readonly site: Site } | undefined {
  let depth = 0;
  let nearest: Effect | undefined;
  for (const write of writes) {
    const different = trail.findIndex((call, index) => !isSamePlace(call, write.trail[index]));
    const shared = different < 0 ? trail.length : different;
    if (shared <= depth) continue;
    depth = shared;
    nearest = write;
  }
  return nearest && { write: nearest, site: trail[depth] ?? site };
}

/** A model's own `save()`: what it sends after the row is there, it sends in the transaction of whoever saves. */
function isSave({ fn }: Site): boolean {
  return fn.owner !== undefined && /^a?save$/.test(fn.name);
}

function isSamePlace(one: Site, other: Site | undefined): boolean {
  return one.fn === other?.fn && one.start === other.start;
}

/**
 * A call that is made while a row is locked, and whose answer is looked at: nobody makes it twice, and what it says
 * decides whether there is a commit.
 */
function isKeptSingle(effects: readonly Effect[], { name, seq, steps, txns, tested }: Effect): boolean {
  if (TASK.test(name) || !tested) return false;
  // A row that only one can make keeps others waiting, too: they hear of it when this one has committed.
  const claims = effects.filter(
    (one) => one.kind === "create" && one.handlers.some((it) => REFUSED.test(it)),
  );
  return [...locksOf(effects), ...claims].some(
    (one) => one.seq < seq && compatible(one.steps, steps) && sameTransaction(one.txns, txns),
  );
}

const REFUSED = /(^|\.)(IntegrityError|UniqueViolation)$/;
