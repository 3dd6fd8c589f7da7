import type { TableUse } from "../../plan/interleaving.ts";

/** A node of the parse tree of libpg_query, as JSON. */
export type Node = { readonly [key: string]: unknown };

/** Every value under this key, however deep. */
export function nodesIn(tree: unknown, key: string): unknown[] {
  const found: unknown[] = [];
  walk(tree, (name, value) => {
    if (name === key) found.push(value);
  });
  return found;
}

function walk(tree: unknown, visit: (key: string, value: unknown) => void): void {
  if (Array.isArray(tree)) for (const one of tree) walk(one, visit);
  else if (typeof tree === "object" && tree !== null)
    for (const [key, value] of Object.entries(tree)) {
      visit(key, value);
      walk(value, visit);
    }
}

/**
 * The tables that rows are taken from, as nodes; not those that are only written to. A name of a common table expression
 * is no table, from where it is visible (PostgreSQL documentation, 7.8): in `WITH t AS (SELECT … FROM t)` the inner one is.
 */
export function sourcesIn(tree: unknown, visible: ReadonlySet<string> = new Set()): Node[] {
  if (Array.isArray(tree)) return tree.flatMap((one) => sourcesIn(one, visible));
  if (typeof tree !== "object" || tree === null) return [];
  const { withClause, ...rest } = tree as Node;
  const found: Node[] = [];
  const names = new Set(visible);
  const { ctes = [], recursive } = (withClause ?? {}) as {
    ctes?: { CommonTableExpr: Node }[];
    recursive?: true;
  };
  if (recursive) for (const { CommonTableExpr: one } of ctes) names.add(String(one.ctename));
  for (const { CommonTableExpr: one } of ctes) {
    found.push(...sourcesIn(one.ctequery, names));
    names.add(String(one.ctename));
  }
  for (const [key, value] of Object.entries(rest)) {
    const name = key === "RangeVar" ? tableName(value) : undefined;
    if (name === undefined) found.push(...sourcesIn(value, names));
    else if (!names.has(name)) found.push(value as Node);
  }
  return found;
}

export interface Reads {
  readonly tables: readonly TableUse[];
  readonly locks?: string;
  /** Functions of which it is not known what they touch: most are PostgreSQL's own, some may be the user's. */
  readonly calls: readonly string[];
  /** An advisory lock is taken or given back. */
  readonly advisory: boolean;
  /** A setting is changed by a function. */
  readonly settings: boolean;
}

/** Functions of PostgreSQL that touch no table. Of any other the catalogue knows whether it is the user's. */
const HARMLESS = new Set(
  (
    "now clock_timestamp statement_timestamp transaction_timestamp current_setting count sum min max avg lower upper " +
    "length char_length trim btrim ltrim rtrim substr substring replace concat concat_ws md5 sha256 encode decode " +
    "digest gen_random_uuid uuid_generate_v4 random abs ceil ceiling floor round greatest least mod extract date_part " +
    "date_trunc timezone to_char to_timestamp age array_agg json_agg jsonb_agg json_build_object jsonb_build_object " +
    "row_to_json to_json to_jsonb string_agg bool_and bool_or row_number rank nextval currval lastval unnest version " +
    "pg_backend_pid txid_current date_part position strpos split_part left right coalesce nullif overlay like_escape"
  ).split(" "),
);

/** Tables of a statement and what it does to them. */
export function readsIn(tree: Node): Reads {
  const uses = new Map<string, TableUse["use"]>();
  const note = (value: unknown, use: TableUse["use"]) => {
    const name = tableName(value);
    if (name === undefined) return;
    const known = uses.get(name);
    if (known === undefined || STRENGTH.indexOf(use) > STRENGTH.indexOf(known)) uses.set(name, use);
  };
  const sources = new Set(sourcesIn(tree));
  for (const value of sources) note(value, "read");
  const strengths: string[] = [];
  for (const select of nodesIn(tree, "SelectStmt") as Node[]) {
    for (const { LockingClause: clause } of (select.lockingClause ?? []) as { LockingClause: Node }[]) {
      strengths.push(lockWords(clause));
      for (const value of nodesIn(select.fromClause, "RangeVar"))
        if (sources.has(value as Node)) note(value, "lock");
    }
  }
  for (const key of ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"])
    for (const body of nodesIn(tree, key) as Node[]) note(body.relation, "write");
  for (const body of nodesIn(tree, "TruncateStmt") as Node[])
    for (const value of nodesIn(body.relations, "RangeVar")) note(value, "write");
  for (const body of nodesIn(tree, "CopyStmt") as Node[])
    note(body.relation, body.is_from === true ? "write" : "read");
  const functions = nodesIn(tree, "funcname").map(functionName);
  const advisory = functions.some(
    (name) => name.startsWith("pg_advisory") || name.startsWith("pg_try_advisory"),
  );
  const settings = functions.length > 0 && functions.every((name) => name === "set_config");
  return {
    tables: [...uses].map(([name, use]) => ({ name, use })),
    ...(strengths.length > 0 ? { locks: strengths.join(", ") } : {}),
    calls: [...new Set(functions)].filter((name) => !HARMLESS.has(name) && name !== "set_config"),
    advisory,
    settings,
  };
}

const STRENGTH = ["read", "lock", "write"];

function tableName(value: unknown): string | undefined {
  const { schemaname, relname } = (value ?? {}) as { schemaname?: string; relname?: string };
  if (relname === undefined) return undefined;
  return schemaname === undefined ? relname : `${schemaname}.${relname}`;
}

function functionName(value: unknown): string {
  return String(nodesIn(value, "sval").at(-1) ?? "").toLowerCase();
}

const STRENGTH_WORDS: Readonly<Record<string, string>> = {
  LCS_FORUPDATE: "FOR UPDATE",
  LCS_FORNOKEYUPDATE: "FOR NO KEY UPDATE",
  LCS_FORSHARE: "FOR SHARE",
  LCS_FORKEYSHARE: "FOR KEY SHARE",
};
const POLICY_WORDS: Readonly<Record<string, string>> = {
  LockWaitSkip: " SKIP LOCKED",
  LockWaitError: " NOWAIT",
};

function lockWords({ strength, waitPolicy }: Node): string {
  return (STRENGTH_WORDS[String(strength)] ?? "FOR UPDATE") + (POLICY_WORDS[String(waitPolicy)] ?? "");
}
