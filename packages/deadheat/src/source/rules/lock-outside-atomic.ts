import { isEntryFunction, WITHIN_REQUEST } from "../effects/decorators.ts";
import { compatible, type Effect, precedes } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import { receiverOf } from "../effects/receivers.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { formKind } from "../project/form-kinds.ts";
import { sameModel } from "../project/model.ts";
import { locksWithin } from "../writers.ts";
import { SENT_IN_TRANSACTION } from "./before-senders-commit.ts";
import { explain } from "./explain.ts";
import { isLockOfOtherMethods } from "./for-method.ts";
import type { Candidate, RuleContext, SourceRule, Writers } from "./rule.ts";

export const lockOutsideAtomic: SourceRule = {
  id: "lock-outside-atomic",
  weakness: "lost-update",
  title: "select_for_update() outside of a transaction",
  severity: "high",
  why: "Without a transaction PostgreSQL releases the lock as soon as the row has been read (and Django raises TransactionManagementError where it notices).",
  fix: "Move the read into the transaction.atomic() block that writes.",
  never: [
    "a function that some caller calls inside of a transaction, or that locks a row and leaves it to its callers to write",
    "what is done where `connection.in_atomic_block` says that there is a transaction",
    "a queryset that is returned without being read",
    "a model's `save()`, a serializer's `create()` and the like, which run in the transaction of whoever saves",
    "what only requests lead to, where each request runs in a transaction",
  ],
  examples: {
    racy: [
      `def cancel(pk):
    order = Order.objects.select_for_update().get(pk=pk)
    with transaction.atomic():
        order.status = "cancelled"
        order.save()
`,
    ],
    safe: [
      `def cancel(pk):
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=pk)
        order.status = "cancelled"
        order.save()
`,
      `def locked_orders():
    return Order.objects.select_for_update().order_by("pk")
`,
      `def locked(pk):
    return Order.objects.select_for_update().get(pk=pk)

@transaction.atomic
def cancel(request, pk):
    order = locked(pk)
    order.status = "cancelled"
    order.save()
`,
    ],
  },
  *find({ effects, analysis, program }) {
    if (runsInRequest(program, analysis.fn)) return;
    // Django sends some signals in a transaction of its own.
    const received = receiverOf({ fn: analysis.fn, program });
    if (received && received.signal in SENT_IN_TRANSACTION) return;
    const isAskedByOthers = isAskedByFramework(program, analysis.fn);
    const isSavedByOthers = isCalledByFramework(program, analysis.fn);
    for (const lock of locksOf(effects)) {
      if (lock.txns.length > 0 || lock.deferred || isLockOfOtherMethods(lock)) continue;
      const later = effects.find(
        (one) => one.seq > lock.seq && compatible(one.steps, lock.steps) && WRITES.has(one.kind),
      );
      // Django raises where it is not in a transaction: there is one, of whoever saves.
      if (isSavedByOthers && !beginsAfter(lock, later)) continue;
      const found = explain(lock, {
        message: "the lock is asked for outside of a transaction",
        because: "select_for_update() outside of a transaction holds no lock by the time of the write",
        protection: { coverage: "outside" },
        ...(later ? { also: [later] } : {}),
        severity: isForSomeRequests(lock) ? "low" : severityOf(lock, later, isEntryFunction(analysis.fn)),
        confidence: later && later.txns.length > 0 ? "high" : "low",
      });
      if (isAskedByOthers || beginsAfter(lock, later)) yield found;
      else if (lock.trail.length > 0)
        yield isForWriteHere(effects, lock)
          ? { at: lock, decide: (writers) => missingHere(writers, lock, analysis.fn, found) }
          : { ...found, echo: true };
      else if (effects.some((one) => isOfLocked(one, lock)))
        yield { at: lock, decide: (writers) => (isHeldForSome(writers, analysis.fn) ? undefined : found) };
    }
  },
};

/** Written by the function that locks it. One that locks for those who call it, is called in their transaction. */
function isOfLocked({ kind, seq, model, trail }: Effect, lock: Effect): boolean {
  return WRITES.has(kind) && trail.length === 0 && seq > lock.seq && sameModel(model, lock.model);
}

/**
 * Some caller of `fn` is in a transaction, for which it is meant then. Of others, Django raises: whoever tries it once,
 * knows.
 */
function isHeldForSome(writers: Writers, fn: FunctionDefinition): boolean {
  return writers.usesOf(locksWithin(fn)).some((one) => one.fn !== fn);
}

/** Others who call what locks are in a transaction, and this one is not, nor is anybody who calls it. */
function missingHere(
  writers: Writers,
  { site }: Effect,
  fn: FunctionDefinition,
  found: Candidate,
): Candidate {
  const isMissing = isHeldForSome(writers, site.fn) && !isHeldForSome(writers, fn);
  return { ...found, ...(isMissing ? { beside: true } : { echo: true }) };
}

/**
 * `order = locked(pk)`, then `order.save()`: most who call `locked` may have begun a transaction, and the one that writes
 * without one is where it is missing. (Where one call does both, it is the called function's.)
 */
function isForWriteHere(effects: readonly Effect[], lock: Effect): boolean {
  const [call] = lock.trail;
  return (
    call !== undefined &&
    effects.some(
      (one) =>
        /^(save|update|delete)$/.test(one.kind) &&
        one.txns.length === 0 &&
        one.trail[0] !== call &&
        precedes(lock, one) &&
        writesLocked(lock, one),
    )
  );
}

function writesLocked({ row: locked, key }: Effect, { row, key: written }: Effect): boolean {
  const target = row?.key ?? written;
  return target !== undefined && target === (locked?.key ?? key);
}

/** With ATOMIC_REQUESTS the transaction is the request's; a form or serializer is asked in one. */
function runsInRequest({ project, settings }: RuleContext["program"], fn: FunctionDefinition): boolean {
  return settings.atomicRequests === true && isOfForm({ project }, fn);
}

function isAskedByFramework(program: RuleContext["program"], fn: FunctionDefinition): boolean {
  const isOfView =
    fn.owner !== undefined && (WITHIN_REQUEST.test(fn.name) || /^(dispatch|initial)$/.test(fn.name));
  return isOfView || isEntryFunction(fn) || isOfForm(program, fn);
}

/** A serializer's or form's own: views ask it, whoever calls it beside. */
function isOfForm(
  { project }: Pick<RuleContext["program"], "project">,
  { owner }: FunctionDefinition,
): boolean {
  return owner !== undefined && formKind(project, owner) !== undefined;
}

/** Sure where the transaction begins after the lock; else a caller out of sight may have begun one. */
function severityOf(lock: Effect, later: Effect | undefined, isEntry: boolean): "high" | "medium" | "low" {
  if (beginsAfter(lock, later)) return "high";
  return later && isEntry ? "medium" : "low";
}

/** `def get_queryset(self)` that locks for some methods: whether this is one of them, nobody says here. */
function isForSomeRequests({ query, site, trail }: Effect): boolean {
  const asked = query?.lockSite?.fn;
  if (!asked || asked === (trail[0] ?? site).fn) return false;
  return /\bif\b/.test(asked.text()) && /\brequest\.method\b/.test(asked.text());
}

/** (One that a called function begins for itself says nothing: it is there in the caller's transaction as well.) */
function beginsAfter(lock: Effect, later: Effect | undefined): boolean {
  return later?.txns.some((one) => one.site.fn === lock.site.fn) === true;
}

const WRITES: ReadonlySet<Effect["kind"]> = new Set(["save", "update", "delete", "create"]);
const SAVES_MODEL = /^(save|delete|clean|full_clean)$/;
const SAVES_FORM = /^(save|create|update)$/;

/** `save()` of a model, `create()` of a serializer: called by Django and DRF for views of which nothing shows here. */
function isCalledByFramework(
  { project, models }: RuleContext["program"],
  { name, owner }: FunctionDefinition,
): boolean {
  if (!owner) return false;
  if (models.isModel(owner)) return SAVES_MODEL.test(name);
  return SAVES_FORM.test(name) && formKind(project, owner) !== undefined;
}
