import type { SqlStatement, StatementKind, TableUse } from "../../plan/interleaving.ts";
import { type Node, nodesIn, readsIn, sourcesIn } from "./tree.ts";

/** What the text of one message says. */
export type SqlFacts = Pick<SqlStatement, "text" | "fingerprint" | "kind" | "tables" | "statements"> &
  Partial<Pick<SqlStatement, "locks" | "testsAndWrites" | "sums" | "opaque" | "calls">> & {
    /** An isolation level was asked for. */
    readonly isolation?: string;
  };

export interface SqlAnalyser {
  analyse(text: string): SqlFacts;
}

const KEPT = 2000;
const LONGEST_SHOWN = 240;

/** PostgreSQL's own parser (libpg_query), half a second to load: only where statements are looked at. */
export async function loadSqlAnalyser(): Promise<SqlAnalyser> {
  const parser = await import("libpg-query");
  await parser.loadModule();
  const known = new Map<string, SqlFacts>();
  const analyse = (text: string): SqlFacts => {
    try {
      const { stmts = [] } = parser.parseSync(text);
      const trees = stmts.map(({ stmt }) => stmt as Node);
      return {
        text: shown(parser.normalizeSync(text)),
        fingerprint: parser.fingerprintSync(text),
        ...factsOf(trees),
      };
    } catch {
      // Its text may hold anything: only the first word is shown.
      const word = /^\s*([A-Za-z]{1,20})\b/.exec(text)?.[1]?.toUpperCase() ?? "";
      const unread = `${word} … (not parsed)`.trim();
      return { text: unread, fingerprint: unread, kind: "other", tables: [], statements: 1, opaque: true };
    }
  };
  return {
    analyse(text) {
      const facts = known.get(text) ?? analyse(text);
      if (known.size >= KEPT) known.clear();
      known.set(text, facts);
      return facts;
    },
  };
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_SHOWN ? line : `${line.slice(0, LONGEST_SHOWN)} …`;
}

function factsOf(trees: readonly Node[]): Omit<SqlFacts, "text" | "fingerprint"> {
  const each = trees.map(oneStatement);
  const [first] = each;
  if (!first) return { kind: "setting", tables: [], statements: 0 };
  const locks = each.map((one) => one.locks).filter((one) => one !== undefined);
  const calls = each.flatMap((one) => one.calls ?? []);
  const isolation = each.find((one) => one.isolation !== undefined)?.isolation;
  return {
    kind: each.length === 1 ? first.kind : strongest(each.map((one) => one.kind)),
    tables: each.flatMap((one) => one.tables),
    statements: each.length,
    ...(locks.length > 0 ? { locks: locks.join(", ") } : {}),
    ...testsIn(each.map((one) => one.testsAndWrites)),
    ...(each.every((one) => one.sums) ? { sums: true as const } : {}),
    ...(each.some((one) => one.opaque) ? { opaque: true as const } : {}),
    ...(calls.length > 0 ? { calls } : {}),
    ...(isolation === undefined ? {} : { isolation }),
  };
}

function testsIn(each: readonly SqlStatement["testsAndWrites"][]): Pick<SqlFacts, "testsAndWrites"> {
  const found = each.includes("other rows") ? "other rows" : each.find((one) => one !== undefined);
  return found === undefined ? {} : { testsAndWrites: found };
}

const STRENGTH: readonly StatementKind[] = ["other", "commit", "rollback", "write", "lock", "read", "begin"];

function strongest(kinds: readonly StatementKind[]): StatementKind {
  return STRENGTH.find((kind) => kinds.includes(kind)) ?? "setting";
}

type Facts = Omit<SqlFacts, "text" | "fingerprint" | "statements">;

const TRANSACTION: Readonly<Record<string, StatementKind>> = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_RELEASE: "savepoint",
};

function oneStatement(tree: Node): Facts {
  const [type = "", body = {}] = Object.entries(tree)[0] as [string, Node];
  if (type === "TransactionStmt") {
    const kind = TRANSACTION[String(body.kind)] ?? "other";
    return { kind, tables: [], ...isolationIn(body) };
  }
  if (type === "VariableSetStmt") return { kind: "setting", tables: [], ...isolationIn(body) };
  if (type === "VariableShowStmt") return { kind: "setting", tables: [] };
  if (type === "LockStmt") return { kind: "lock", tables: tablesLocked(tree), locks: "LOCK TABLE" };
  return dataStatement(type, tree, body);
}

/** An isolation level is a text beside the name of the setting. */
function isolationIn(body: Node): { isolation?: string } {
  const text = JSON.stringify(body);
  if (!text.includes("transaction_isolation")) return {};
  return { isolation: /"sval":"(serializable|repeatable read|read \w+)"/i.exec(text)?.[1] ?? "unknown" };
}

const DATA: ReadonlySet<string> = new Set([
  "SelectStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "TruncateStmt",
  "CopyStmt",
]);

/** They do what is written elsewhere: in a procedure, in a text, in what was prepared by PREPARE. */
const OPAQUE: ReadonlySet<string> = new Set(["CallStmt", "DoStmt", "ExecuteStmt"]);

function dataStatement(type: string, tree: Node, body: Node): Facts {
  const { tables, locks, calls, advisory, settings } = readsIn(tree);
  const writes = tables.some((one) => one.use === "write");
  const isLock = locks !== undefined || advisory;
  if (settings && tables.length === 0) return { kind: "setting", tables: [], ...isolationIn(body) };
  const tests = writes ? testsAndWrites(type, body) : undefined;
  return {
    kind: !DATA.has(type) ? "other" : writes ? "write" : isLock ? "lock" : "read",
    tables,
    ...(isLock ? { locks: [locks, advisory ? "advisory" : undefined].filter(Boolean).join(", ") } : {}),
    ...(tests === undefined ? {} : { testsAndWrites: tests }),
    ...(type === "SelectStmt" && sumsOnly(body) ? { sums: true } : {}),
    ...(OPAQUE.has(type) ? { opaque: true } : {}),
    ...(calls.length > 0 ? { calls } : {}),
  };
}

/** Each of its columns is made with `sum` or `count`. */
function sumsOnly({ targetList }: Node): boolean {
  const columns = Array.isArray(targetList) ? targetList : [];
  const names = (column: unknown) => nodesIn(column, "funcname").map((one) => nodesIn(one, "sval").at(-1));
  return columns.length > 0 && columns.every((one) => names(one).some((name) => SUMS.has(String(name))));
}

const SUMS = new Set(["sum", "count"]);

/** What is decided by the rows that are read, in the statement that writes. */
function testsAndWrites(type: string, body: Node): SqlStatement["testsAndWrites"] {
  if (type === "MergeStmt" || nodesIn(body, "MergeStmt").length > 0) return "other rows";
  // A query inside, of a table or of nothing: it is worked out before the row is locked.
  if (nodesIn(body, "SubLink").length > 0 || sourcesIn(body).length > 0) return "other rows";
  if (body.withClause !== undefined) return decidesRowByRow(type, body) ? "its own rows" : "other rows";
  if (type === "InsertStmt") {
    if (nodesIn(body.selectStmt, "fromClause").length > 0) return "other rows";
    return body.onConflictClause === undefined ? undefined : "its own rows";
  }
  if (type === "SelectStmt") return "other rows";
  if (type !== "UpdateStmt" && type !== "DeleteStmt") return undefined;
  if (body.fromClause !== undefined || body.usingClause !== undefined) return "other rows";
  const computed = nodesIn(body.targetList, "ColumnRef").length > 0;
  return computed || nodesIn(body.whereClause, "ColumnRef").length > 1 ? "its own rows" : undefined;
}

/**
 * Writes in common table expressions hand on the rows that they have locked. What is made of each row alone is decided
 * by that row; what is made of how many there are, or of none being there, by rows that may have come since.
 */
function decidesRowByRow(type: string, body: Node): boolean {
  const writes = ["InsertStmt", "UpdateStmt", "DeleteStmt"].flatMap((key) => nodesIn(body.withClause, key));
  const own = type === "SelectStmt" ? [] : [{ ...body, withClause: undefined }];
  if (nodesIn([...writes, ...own], "RangeVar").length === 0) return true;
  return OF_SEVERAL_ROWS.every((key) => nodesIn(body, key).length === 0);
}

/** Aggregates are functions, too; joins may be outer ones; a set operation may take rows away. */
const OF_SEVERAL_ROWS = ["FuncCall", "JoinExpr", "havingClause", "groupClause", "larg"];

function tablesLocked(tree: Node): TableUse[] {
  return readsIn(tree).tables.map(({ name }) => ({ name, use: "lock" }));
}
