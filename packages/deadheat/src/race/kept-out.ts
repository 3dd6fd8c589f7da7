import type { Lockable, Realisation, Script, SqlStatement } from "../plan/interleaving.ts";

/** What was played of one base: which schedule was realised, and how. */
export type PlayedOf = (preemption: Lockable["preemption"]) => Realisation | undefined;

/**
 * Of statements that test other rows than they change, those that the other request was kept out of. Held before such a
 * statement, its request had locked something already that the other one waits for: that is locked until its transaction
 * has ended, so the other one comes to nothing while the statement runs. What it had come to before has to change
 * nothing, and all that it changes has to be in the transaction that waits: then nothing of it can fall into the
 * statement, wherever that begins.
 */
export function keptOut(lockable: readonly Lockable[], script: Script, played: PlayedOf): Set<string> {
  const isKeptOut = ({ preemption }: Lockable): boolean => {
    const realisation = played(preemption);
    const own = script[preemption.held][preemption.before - 1];
    const others = script[preemption.held === "first" ? "second" : "first"];
    if (!realisation?.realised || realisation.other !== "blocked" || realisation.diverged.length > 0)
      return false;
    return own?.transaction !== undefined && changesAfterwards(others, reachedBy(realisation));
  };
  const words = new Set(lockable.map((one) => one.words));
  return new Set([...words].filter((text) => lockable.filter((one) => one.words === text).every(isKeptOut)));
}

/** How many statements the other one had sent when it came to wait; the last of them is the one that waits. */
function reachedBy({ preemption, steps }: Realisation): number {
  const waits = steps.findIndex(({ does }) => does === "waits");
  return steps.slice(0, waits).filter(({ lane, does }) => lane !== preemption.held && does === "statement")
    .length;
}

const CHANGES_NOTHING: ReadonlySet<SqlStatement["kind"]> = new Set([
  "begin",
  "setting",
  "savepoint",
  "read",
  "lock",
]);

function changesAfterwards(others: readonly SqlStatement[], reached: number): boolean {
  const waiting = others[reached - 1];
  if (waiting?.transaction === undefined) return false;
  const before = others.slice(0, reached - 1);
  const harmless = before.every(
    ({ kind, opaque, calls, statements }) =>
      CHANGES_NOTHING.has(kind) && !opaque && statements <= 1 && (calls ?? []).every(isOfPostgres),
  );
  const changes = others.filter(
    ({ kind }) => !CHANGES_NOTHING.has(kind) && kind !== "commit" && kind !== "rollback",
  );
  return harmless && changes.every(({ transaction }) => transaction === waiting.transaction);
}

/** What takes a lock, and what names it; of any other function it is not known here what it does. */
function isOfPostgres(name: string): boolean {
  return /^(pg_(try_)?advisory_(xact_)?(lock|unlock)\w*|hashtext(extended)?)$/.test(name);
}
