import { type Effect, sameTransaction } from "../effects/effect.ts";
import { locksOf, protectionOf } from "../effects/protection.ts";
import type { Atom } from "../effects/values.ts";
import { explain } from "./explain.ts";
import { candidatesOf } from "./gap-rule.ts";
import { isWritten } from "./read-modify-write.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const lockReleasedEarly: SourceRule = {
  id: "lock-released-early",
  weakness: "lost-update",
  title: "the lock ends with its transaction, before the write",
  severity: "high",
  why: "A row lock lasts until the end of the transaction that took it. What is decided in the block and written after it is as unprotected as without a lock.",
  fix: "Write inside the transaction that holds the lock. What takes long (mail, calls to other services) goes after it, with its outcome written under a lock of its own.",
  never: [
    "a write in the transaction that holds the lock",
    "a row that was claimed under the lock: its state tested and changed there; who passes the test owns it",
  ],
  examples: {
    racy: [
      `def confirm(pk):
    with transaction.atomic():
        alert = Alert.objects.select_for_update().get(pk=pk)
        if alert.done:
            return
    alert.count += 1
    alert.save()
`,
    ],
    safe: [
      `def confirm(pk):
    with transaction.atomic():
        alert = Alert.objects.select_for_update().get(pk=pk)
        if alert.done:
            return
        alert.count += 1
        alert.save()
`,
      `def run(pk):
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=pk)
        if job.status != "new":
            return
        job.status = "running"
        job.save(update_fields=["status"])
    job.result = work(job)
    job.status = "done"
    job.save()
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["released", "uncommitted"],
      ["counter", "document", "derived", "recomputed", "state", "claim", "take"],
      ({ column }) => `${column} was read under a lock that has been released before it is written`,
      (gap) => !isClaimed(context.effects, gap.write),
    );
    yield* savedAfterRelease(context);
  },
};

/** Under the lock a column was tested and given another value: nobody else passes that test after it. */
function isClaimed(effects: readonly Effect[], write: Effect): boolean {
  const locks = locksOf(effects);
  const claims = effects.filter(
    (claim) =>
      claim.kind === "save" &&
      claim.seq < write.seq &&
      claim.row !== undefined &&
      claim.row.key === write.row?.key &&
      locks.some((lock) => lock.row?.key === claim.row?.key && sameTransaction(lock.txns, claim.txns)) &&
      claim.guards.some((guard) =>
        guard.deps.some(
          (atom) =>
            atom.kind === "field" &&
            atom.row.key === claim.row?.key &&
            isWritten(claim, atom.name) &&
            claim.fields?.has(atom.name),
        ),
      ),
  );
  return claims.some((one) => isOnTheWay(one, write, claims));
}

/**
 * Where the one runs, the other has run: it stands under no condition here that the later one does not stand under, or
 * there is another one where that condition does not hold.
 */
function isOnTheWay(claim: Effect, write: Effect, claims: readonly Effect[]): boolean {
  const armOf = ({ steps }: Effect, branch: number | undefined) =>
    steps.find((one) => one.branch === branch)?.arm;
  return claim.guards.every(
    ({ id, trail, branch }) =>
      trail.length > write.trail.length ||
      write.guards.some((own) => own.id === id) ||
      claims.some((one) => {
        const [arm, other] = [armOf(claim, branch), armOf(one, branch)];
        return arm !== undefined && other !== undefined && arm !== other;
      }),
  );
}

/** Names its columns, and gives them values that nothing of the row decided. */
function isBlind(effects: readonly Effect[], write: Effect): boolean {
  const { columns, fields, row, guards } = write;
  if (!Array.isArray(columns)) return false;
  // (`exists(path_of(row.pk))`: its key stays what it is.)
  const isOfRow = (atom: Atom) =>
    atom.kind === "field" && atom.row.key === row?.key && !/^(pk|id)$/.test(atom.name);
  const written = [...(fields?.values() ?? [])].filter((one) => columns.includes(one.name));
  if (written.some((one) => one.deps.some(isOfRow))) return false;
  const own = addedUnderLock(effects, write);
  return !guards.some((one) =>
    one.deps.some((atom) => isOfRow(atom) && !(atom.kind === "field" && own.has(atom.name))),
  );
}

/** `row.parts.append(part)`, saved under the lock: what it says afterwards, it says to this one alone. */
function addedUnderLock(effects: readonly Effect[], write: Effect): ReadonlySet<string> {
  const locks = locksOf(effects);
  const added = effects.filter(
    (one) =>
      one.kind === "save" &&
      one.seq < write.seq &&
      one.row !== undefined &&
      one.row.key === write.row?.key &&
      locks.some((lock) => lock.row?.key === one.row?.key && sameTransaction(lock.txns, one.txns)),
  );
  return new Set(
    added.flatMap((one) =>
      [...(one.fields?.values() ?? [])].flatMap(({ name, inPlace, value }) => {
        const isCounted = value.kind === "scalar" && value.shape === "arithmetic";
        return (inPlace || isCounted) && isWritten(one, name) ? [name] : [];
      }),
    ),
  );
}

/** A row fetched under a lock and saved when the lock is gone: why else was it locked? */
function* savedAfterRelease({ effects, program }: RuleContext): Generator<Candidate> {
  for (const write of effects) {
    const { row } = write;
    if (
      write.kind !== "save" ||
      !row?.fetch?.query?.locked ||
      row.fetch.txns.length === 0 ||
      !write.fields?.size ||
      isBlind(effects, write) ||
      isClaimed(effects, write)
    )
      continue;
    const protection = protectionOf(effects, row, write, program.models);
    if (protection.coverage !== "released") continue;
    yield explain(write, {
      message: "the row was read under a lock that has been released before it is saved",
      protection,
      row,
      severity: "medium",
      ...(write.guards.at(-1) ? { test: write.guards.at(-1)! } : {}),
    });
  }
}
