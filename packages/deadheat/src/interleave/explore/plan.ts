import type {
  PlannedSchedules,
  Preemption,
  Script,
  SqlStatement,
  StatementKind,
} from "../../plan/interleaving.ts";
import { isOpaque, reach, runsTriggers } from "./reach.ts";
import type { Catalogue } from "./side.ts";

/** What is known beyond the statements' texts. */
export interface Surroundings extends Catalogue {
  /** Every transaction is READ COMMITTED; at higher levels the first statement takes a snapshot of all tables. */
  readonly readCommitted: boolean;
}

/**
 * All schedules with one preemption of `held`, by the statement before which it is held. Holding it before the next
 * one comes to the same where the statement in between writes nothing and touches nothing that the other request
 * does: then the first of the two is skipped. What is unclear is not skipped.
 */
export function planSchedules(
  script: Script,
  held: "first" | "second",
  surroundings: Surroundings,
): PlannedSchedules {
  const own = script[held];
  const others = script[held === "first" ? "second" : "first"];
  const silent = [...silentIn(own, "held"), ...silentIn(others, "other")];
  const inside = insideOf([...own, ...others], surroundings);
  const uncovered = [...new Set([...silent, ...inside, ...atOnce([...own, ...others])])];
  const lockable = own.flatMap((statement, index) =>
    statement.testsAndWrites === "other rows" && statement.statements === 1
      ? [{ preemption: { held, before: index + 1 }, words: testsAtOnce(statement) }]
      : [],
  );
  if (silent.length > 0) return { preemptions: [], skipped: 0, uncovered, inside, lockable };
  const preemptions: Preemption[] = [];
  let skipped = 0;
  own.forEach((statement, index) => {
    if (isIndependent(statement, own, others, surroundings)) skipped++;
    else preemptions.push({ held, before: index + 1 });
  });
  return { preemptions, skipped, uncovered, inside, lockable };
}

function silentIn(statements: readonly SqlStatement[], which: "held" | "other"): string[] {
  if (statements.length > 0) return [];
  return [`the ${which === "held" ? "request" : "other request"} sends no statement through the proxy`];
}

const SETS_THE_SCENE: ReadonlySet<StatementKind> = new Set(["begin", "savepoint", "setting"]);

/** What no preemption gets in between, and what need not be one step for others. */
function insideOf(statements: readonly SqlStatement[], surroundings: Surroundings): string[] {
  const words: string[] = [];
  for (const statement of statements) {
    const { text, kind, testsAndWrites, statements: count } = statement;
    if (testsAndWrites === "other rows") words.push(testsAtOnce(statement));
    if (count > 1 && !SETS_THE_SCENE.has(kind)) words.push(`${count} statements in one message: ${text}`);
    if (isOpaque(statement, surroundings))
      words.push(`runs statements of its own inside the database: ${text}`);
    if (runsTriggers(statement, surroundings)) words.push(`runs triggers inside the database: ${text}`);
  }
  return [...new Set(words)];
}

function testsAtOnce({ text }: SqlStatement): string {
  return `tests and writes in one statement: ${text}`;
}

/** One step for everybody: what it tests is what it locks. */
function atOnce(statements: readonly SqlStatement[]): string[] {
  return statements.flatMap((one) => (one.testsAndWrites === "its own rows" ? [testsAtOnce(one)] : []));
}

/** Whether nobody can tell this statement's order to all of the other's. */
function isIndependent(
  statement: SqlStatement,
  own: readonly SqlStatement[],
  others: readonly SqlStatement[],
  surroundings: Surroundings,
): boolean {
  if (statement.kind === "other") return false;
  if (statement.kind === "begin" || statement.kind === "savepoint" || statement.kind === "setting")
    return statement.statements <= 1;
  if (!surroundings.readCommitted) return false;
  if (statement.kind === "commit" || statement.kind === "rollback") {
    // It gives locks back and lets others see what was written.
    const { transaction } = statement;
    const parts = own.filter((one) => one !== statement && one.transaction === transaction);
    return (
      transaction !== undefined &&
      parts.every((one) => one.kind !== statement.kind && isIndependent(one, own, others, surroundings))
    );
  }
  // Its effect comes before or after the other's acknowledgement, which a third party's read tells apart although
  // the tables have nothing in common: a write to profiles, and a revocation that touches tokens only.
  if (statement.kind === "write") return false;
  return others.every((other) => !conflict(statement, other, surroundings));
}

function conflict(a: SqlStatement, b: SqlStatement, surroundings: Surroundings): boolean {
  if (a.locks?.includes("advisory") && b.locks?.includes("advisory")) return true;
  const mine = reach(a, surroundings);
  const theirs = reach(b, surroundings);
  if (mine === "anything" || theirs === "anything") return true;
  for (const [table, use] of mine) {
    const other = theirs.get(table);
    if (other !== undefined && (use === "changes" || other === "changes")) return true;
  }
  return false;
}
