import type { PlannedSchedules, Preemption, Script, SqlStatement } from "../../plan/interleaving.ts";
import type { TableLinks } from "./side.ts";

/** What is known beyond the statements' texts. */
export interface Surroundings {
  readonly links: readonly TableLinks[];
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
  const uncovered = [...uncoveredIn(own, "held"), ...uncoveredIn(others, "other")];
  if (own.length === 0 || others.length === 0) return { preemptions: [], skipped: 0, uncovered };
  const elsewhere = keptElsewhere(script, surroundings);
  const preemptions: Preemption[] = [];
  let skipped = 0;
  own.forEach((statement, index) => {
    if (isIndependent(statement, own, others, surroundings)) skipped++;
    else preemptions.push({ held, before: index + 1 });
  });
  return { preemptions, skipped, uncovered, ...(elsewhere ? { elsewhere } : {}) };
}

/**
 * Tokens may be kept in PostgreSQL and points in Redis, or in memory: every schedule of the statements can be realised
 * then, and has nothing to do with the points. What shows is the effect of the first request; the second may end a
 * token, which any read looks up. Nor is it an effect what a read does as well: to note when a token was last used.
 */
function keptElsewhere({ first, observation }: Script, { links }: Surroundings): string | undefined {
  if (!observation) return undefined;
  const alsoRead = new Set(observation.map((one) => one.fingerprint));
  const changed = new Set<string>();
  for (const statement of first) {
    const reached = reachedBy(statement, links);
    if (reached === "anything") return undefined;
    if (alsoRead.has(statement.fingerprint)) continue;
    for (const [table, use] of reached) if (use === "changes") changed.add(table);
  }
  for (const statement of observation) {
    const reached = reachedBy(statement, links);
    if (reached === "anything" || [...reached.keys()].some((table) => changed.has(table))) return undefined;
  }
  return changed.size === 0
    ? "the requests change nothing in this database"
    : `the state is not read from what the requests change in this database: ${[...changed].sort().join(", ")}`;
}

function reachedBy(statement: SqlStatement, links: readonly TableLinks[]): ReturnType<typeof reach> {
  return statement.opaque || statement.kind === "other" ? "anything" : reach(statement, links);
}

/** What no preemption gets in between. */
function uncoveredIn(statements: readonly SqlStatement[], which: "held" | "other"): string[] {
  if (statements.length === 0)
    return [`the ${which === "held" ? "request" : "other request"} sends no statement through the proxy`];
  const words: string[] = [];
  for (const { text, testsAndWrites, statements: count } of statements) {
    if (testsAndWrites) words.push(`tests and writes in one statement: ${text}`);
    if (count > 1) words.push(`${count} statements in one message: ${text}`);
  }
  return words;
}

/** Whether nobody can tell this statement's order to all of the other's. */
function isIndependent(
  statement: SqlStatement,
  own: readonly SqlStatement[],
  others: readonly SqlStatement[],
  surroundings: Surroundings,
): boolean {
  if (statement.opaque || statement.kind === "other") return false;
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

function conflict(a: SqlStatement, b: SqlStatement, { links }: Surroundings): boolean {
  if (b.opaque || b.kind === "other") return true;
  if (a.locks?.includes("advisory") && b.locks?.includes("advisory")) return true;
  const mine = reach(a, links);
  const theirs = reach(b, links);
  if (mine === "anything" || theirs === "anything") return true;
  for (const [table, use] of mine) {
    const other = theirs.get(table);
    if (other !== undefined && (use === "changes" || other === "changes")) return true;
  }
  return false;
}

/** Tables by name without schema, and those that foreign keys lead to: a change locks and may change them, too. */
function reach(
  { tables }: SqlStatement,
  links: readonly TableLinks[],
): Map<string, "reads" | "changes"> | "anything" {
  const reached = new Map<string, "reads" | "changes">();
  for (const { name, use } of tables) {
    const bare = name.split(".").at(-1) ?? name;
    const known = links.filter((one) => one.name === bare);
    if (known.length === 0 || known.some((one) => one.opaque)) return "anything";
    if (use === "read") {
      if (!reached.has(bare)) reached.set(bare, "reads");
      continue;
    }
    reached.set(bare, "changes");
    for (const other of known.flatMap((one) => one.reaches)) reached.set(other, "changes");
  }
  return reached;
}
