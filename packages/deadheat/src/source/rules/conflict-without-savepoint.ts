import type { Effect, Step } from "../effects/effect.ts";
import { compatible, isLeftBefore, isWrite, READS, sameTransaction } from "../effects/effect.ts";
import { type Rescue, rescueOf } from "../effects/rescued.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { explain } from "./explain.ts";
import type { Candidate, SourceRule } from "./rule.ts";

export const conflictWithoutSavepoint: SourceRule = {
  id: "conflict-without-savepoint",
  weakness: "missing-transaction",
  title: "IntegrityError is caught inside of the transaction that it broke",
  severity: "medium",
  why: "The request that comes second gets the IntegrityError. After it the transaction refuses every further query (TransactionManagementError), so what the handler does for the loser of the race fails as well.",
  fix: "Put what may fail into a transaction.atomic() of its own, inside of the try: a savepoint, to which Django goes back.",
  never: [
    "a savepoint around the write: `atomic()`, `savepoint()`, `get_or_create()`",
    "a handler that raises, or after which nothing is asked of the database in that transaction",
    "a function around which no transaction is seen",
  ],
  examples: {
    racy: [
      `@transaction.atomic
def tag(name):
    try:
        return Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.get(name=name)
`,
      `def enter(request, pk):
    with transaction.atomic():
        try:
            Entry.objects.create(contest_id=pk, user=request.user)
        except IntegrityError:
            pass
        Contest.objects.filter(pk=pk).update(seen=F("seen") + 1)
`,
    ],
    safe: [
      `@transaction.atomic
def tag(name):
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.get(name=name)
`,
      `def tag(name):
    try:
        return Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.get(name=name)
`,
      `@transaction.atomic
def enter(request, pk):
    try:
        Entry.objects.create(contest_id=pk, user=request.user)
    except IntegrityError:
        raise ValidationError("entered already")
    Contest.objects.filter(pk=pk).update(seen=F("seen") + 1)
`,
    ],
  },
  *find({ effects, analysis: { fn } }) {
    const told = new Set<Effect["site"]["start"]>();
    if (isOfManager(fn)) yield* brokenForCallers(effects);
    for (const write of effects) {
      const rescue = write.txns.length > 0 ? rescueOf(write) : undefined;
      if (!rescue || hasOwn(write, rescue) || told.has(write.site.start)) continue;
      const next = effects.find((one) => follows(one, write, rescue));
      if (!next) continue;
      told.add(write.site.start);
      const found = brokenBy(write, next);
      yield found;
      // The row is made in a function that is called: the savepoint is missing where the `try` is.
      const [call] = rootOf(write).trail;
      if (call) yield { ...found, site: call, severity: "low" };
    }
  },
};

function brokenBy(write: Effect, next: Effect): Candidate {
  const [outer] = write.txns;
  return explain(write, {
    message:
      "what refuses the second one breaks the transaction: the query that is to help the loser of the race fails, too",
    because: outer?.implicit
      ? "ATOMIC_REQUESTS puts the whole request into one transaction, and there is no savepoint around the write"
      : "there is no savepoint around the write: after an IntegrityError the transaction refuses every query",
    protection: { coverage: "atomic" },
    also: next === write ? [] : [next],
    confidence: "high",
    interleaving: [
      "A inserts  the row",
      "B inserts  the same: IntegrityError, and B's transaction is broken",
      "B asks     for the row that is there: TransactionManagementError",
    ],
  });
}

/** A method for all who have rows of the table to make: some of them in a transaction. */
function isOfManager({ owner }: FunctionDefinition): boolean {
  return owner !== undefined && /(Manager|QuerySet)(Mixin)?$/.test(owner.name);
}

/** `bulk_create()` is refused, and the handler looks for what is there: in whatever transaction it was called. */
function* brokenForCallers(effects: readonly Effect[]): Generator<Candidate> {
  for (const write of effects) {
    if (write.txns.length > 0 || write.trail.length > 0 || write.kind !== "create") continue;
    const rescue = rescueOf(write);
    const next = rescue && effects.find((one) => asks(one) && isIn(one, rescue.step) && one.seq > write.seq);
    if (!next) continue;
    const found = brokenBy(write, next);
    yield {
      ...found,
      because: "called in a transaction, there is no savepoint around the write to which it could go back",
      severity: "low",
      confidence: "low",
      // That one caller has no transaction, says nothing of the others.
      regardless: true,
    };
    return;
  }
}

/** A transaction inside of the `try`: where it was called, there may be more around both. */
function hasOwn(write: Effect, { depth }: Rescue): boolean {
  return rootOf(write).txns.length > depth;
}

function rootOf(effect: Effect): Effect {
  return effect.origin && rescueOf(effect.origin) ? rootOf(effect.origin) : effect;
}

/** Asks the database for anything. */
function asks(one: Effect): boolean {
  return READS.has(one.kind) || isWrite(one);
}

/** In the handler, or after it, in the same transaction. */
function follows(one: Effect, write: Effect, rescue: Rescue): boolean {
  const { step, goesOn, inLoop } = rescue;
  if (!asks(one) || one.deferred || !sameTransaction(one.txns, write.txns)) return false;
  if (isIn(one, step)) return one.seq > write.seq;
  if (!goesOn || one.seq < write.seq) return false;
  // The same statement in the next turn.
  if (one === write) return inLoop;
  return isBehind(one, write, rescue) && compatible(write.steps, one.steps) && !isLeftBefore(write, one);
}

/** Behind the `try`; of what was called together with it, that is for the called function to say. */
function isBehind(one: Effect, write: Effect, { until }: Rescue): boolean {
  const calls = write.trail.length - rootOf(write).trail.length;
  const isOfSameCall = write.trail
    .slice(0, calls)
    .every(({ fn, start }, at) => one.trail[at]?.fn === fn && one.trail[at]?.start === start);
  if (!isOfSameCall) return true;
  let there: Effect | undefined = one;
  for (let call = 0; call < calls; call++) there = there?.origin;
  return there !== undefined && there.seq > until;
}

/** The handler's arm: in a call, under another name. */
function isIn(effect: Effect, step: Step): boolean {
  return effect.steps.includes(step) || (effect.origin !== undefined && isIn(effect.origin, step));
}
