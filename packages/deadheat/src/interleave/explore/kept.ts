import type { Kept, Script, SqlStatement } from "../../plan/interleaving.ts";
import { bareName, isOpaque, reach } from "./reach.ts";
import type { Catalogue } from "./side.ts";

/**
 * Tokens may be kept in PostgreSQL and points in Redis, or in memory: every schedule of the statements can be realised
 * then, and has nothing to do with the points. What is judged is covered where the requests decide by rows that one of
 * them changes, and where the state is read from what the first one changes; whether it is read from there indeed,
 * the answers tell (race/kept-here.ts).
 */
export function keptWhere({ first, second, observation = [] }: Script, catalogue: Catalogue): Kept {
  // Nor is it an effect what a read does as well: to note when a token was last used.
  const alsoRead = new Set(observation.map((one) => one.fingerprint));
  const effects = (statements: readonly SqlStatement[]) =>
    changedBy(
      // A row that is made is one: what is told by trying it (a refresh token that lives) is made by the read, too.
      statements.filter((one) => !alsoRead.has(one.fingerprint) || isBlindInsert(one)),
      catalogue,
    );
  const changed = effects(first);
  if (isEmpty(changed)) return { elsewhere: "the requests change nothing in this database" };
  const ofOther = effects(second);
  const readingOf = (tables: Tables) =>
    observation.filter((one) => !isBlindInsert(one) && meet(reachOf(one, catalogue), tables));
  const reading = readingOf(changed);
  if (observation.length > 0 && reading.length === 0)
    return {
      elsewhere: `the state is not read from what the requests change in this database: ${names(changed)}`,
    };
  const sameRequest =
    first.map((one) => one.fingerprint).join() === second.map((one) => one.fingerprint).join();
  const isRepeated = first.every((one) => alsoRead.has(one.fingerprint));
  // A token's row that is looked up and written by two equal requests decides nothing between them.
  const lookedUp = sameRequest && !isRepeated ? lookups(first, observation, catalogue) : NONE;
  const decided =
    meet(without(readBy(first, catalogue), lookedUp), ofOther) ||
    meet(without(readBy(second, catalogue), lookedUp), changed);
  return {
    readBy: fingerprints(reading),
    readByEither: fingerprints([...reading, ...readingOf(ofOther)]),
    summed: fingerprints(reading.filter((one) => one.sums)),
    ...(decided
      ? {}
      : { undecided: `what decides is not read from this database, only written to it: ${names(changed)}` }),
  };
}

function fingerprints(statements: readonly SqlStatement[]): ReadonlySet<string> {
  return new Set(statements.map((one) => one.fingerprint));
}

/** Tables of statements that the requests and the reads of the state have in common. */
function lookups(
  requests: readonly SqlStatement[],
  observation: readonly SqlStatement[],
  catalogue: Catalogue,
): Tables {
  const shared = new Set(requests.map((one) => one.fingerprint));
  const tables = new Set<string>();
  for (const one of observation.filter(({ fingerprint }) => shared.has(fingerprint))) {
    const named = namedIn(one, catalogue);
    if (named !== "anything") for (const name of named) tables.add(name);
  }
  return tables;
}

const NONE: ReadonlySet<string> = new Set();

function without(tables: Tables, others: Tables): Tables {
  if (tables === "anything" || others === "anything") return tables;
  return new Set([...tables].filter((name) => !others.has(name)));
}

/** Names of tables. */
type Tables = ReadonlySet<string> | "anything";

function reachOf(statement: SqlStatement, catalogue: Catalogue): Tables {
  const reached = reach(statement, catalogue);
  return reached === "anything" ? reached : new Set(reached.keys());
}

/** Who locks a user's row has not looked at what belongs to that user, although foreign keys lead there. */
function namedIn(statement: SqlStatement, catalogue: Catalogue): Tables {
  return reach(statement, catalogue) === "anything"
    ? "anything"
    : new Set(statement.tables.map(({ name }) => bareName(name)));
}

/** A lock changes nothing. */
function changedBy(statements: readonly SqlStatement[], catalogue: Catalogue): Tables {
  const changed = new Set<string>();
  for (const statement of statements) {
    const tables = statement.tables.filter((one) => one.use === "write");
    if (tables.length === 0 && !isOpaque(statement, catalogue)) continue;
    const reached = reachOf({ ...statement, tables }, catalogue);
    // A view, or a table with triggers: what it changes beyond itself is not known.
    if (reached === "anything") return reached;
    for (const name of reached) changed.add(name);
  }
  return changed;
}

/** What a request looks at before it acts; an INSERT that nothing decides looks at nothing. */
function readBy(statements: readonly SqlStatement[], catalogue: Catalogue): Tables {
  const read = new Set<string>();
  for (const statement of statements) {
    if (isBlindInsert(statement)) continue;
    const named = namedIn(statement, catalogue);
    if (named === "anything" && !SAYS_NOTHING.has(statement.kind)) return named;
    if (named !== "anything") for (const name of named) read.add(name);
  }
  return read;
}

/** LISTEN, DEALLOCATE, a savepoint that is gone back to. */
const SAYS_NOTHING: ReadonlySet<SqlStatement["kind"]> = new Set(["other"]);

function isBlindInsert({ kind, tables, testsAndWrites, tag }: SqlStatement): boolean {
  return (
    kind === "write" &&
    testsAndWrites === undefined &&
    tables.length === 1 &&
    tag?.startsWith("INSERT") === true
  );
}

function meet(a: Tables, b: Tables): boolean {
  if (a === "anything") return !isEmpty(b);
  if (b === "anything") return a.size > 0;
  return [...a].some((name) => b.has(name));
}

function isEmpty(tables: Tables): boolean {
  return tables !== "anything" && tables.size === 0;
}

function names(tables: Tables): string {
  return tables === "anything" ? "…" : [...tables].sort().join(", ");
}
