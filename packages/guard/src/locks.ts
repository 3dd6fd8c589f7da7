/**
 * The advisory locks of a transaction, in the order in which all transactions take them:
 *
 * 1. the subject's: shared by whatever runs under one of its tokens, exclusive for what is about all of them
 * 2. (the row of a session, where sessions are refreshed or ended)
 * 3. the token's: shared by whatever runs under it, exclusive for its revocation
 *
 * and after them whatever the handler locks. Advisory locks are queued for in order, so that a revocation waits for
 * those before it and for nobody else. Rows that are locked FOR SHARE are not: holders that overlap starve it.
 */
export interface Locks {
  readonly keys: LockKeys;
  readonly subject: LockMode;
  readonly token: LockMode;
  /** Another subject, whose locks are taken exclusively at the same time: one that is demoted, for example. */
  readonly other?: LockKeys;
}

export type LockMode = "shared" | "exclusive";

/**
 * SQL that yields a row of two bigints, `subject_key` and `token_key`, either of them NULL where there is nothing to
 * lock, or no row where there is no such token. What it reads must never change: it is read before the lock is there.
 */
export interface LockKeys {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** Of the subject of this name. The seed keeps schemas apart, and tokens' keys are from another hash anyway. */
export function subjectKey(subject: string, schema: string): string {
  return `hashtextextended(${subject}, hashtext(${literal(schema)}))`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The locks of one token whose subject is not known or does not matter. */
export function tokenOnly(key: string): LockKeys {
  return { text: "SELECT NULL::bigint AS subject_key, $1::bigint AS token_key", values: [key] };
}

/**
 * Takes the locks until the transaction ends, as its first statement: whatever is read afterwards is read in a new
 * statement, under the lock. Limits, in the same statement, what PostgreSQL waits for on behalf of a client that may
 * be gone by then. Answers with the `pid` of the connection and how long after the start of the transaction the locks
 * were there, `waited_ms`; or with no row where there is no such token.
 */
export function transactionLocks(locks: Locks, remainingMs: number): Statement {
  return lockStatement(locks, LIMITS, "xact_", remainingMs);
}

/** The same for the session, to be taken before the transaction: `pg_advisory_unlock_all` gives them back. */
export function sessionLocks(locks: Locks, remainingMs: number): Statement {
  return lockStatement(locks, LIMITS.slice(0, 1), "", remainingMs);
}

const LIMITS = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"];

/** What is left of the limits above READ COMMITTED, where the locks have been taken before the transaction. */
export function transactionLimits(remainingMs: number): Statement {
  const settings = LIMITS.slice(1).map((name) => `set_config('${name}', $1, true)`);
  return { text: `SELECT ${settings.join(", ")}`, values: limitValues(remainingMs).slice(1) };
}

export const UNLOCK_ALL = "SELECT pg_advisory_unlock_all()";

const WAITED = "(extract(epoch FROM clock_timestamp() - now()) * 1000)::float8 AS waited_ms";

/** PostgreSQL evaluates what it selects from left to right: the lock is waited for under its own limit. */
function lockStatement(locks: Locks, limits: readonly string[], scope: string, remainingMs: number) {
  const { keys, other } = locks;
  const values = [
    ...keys.values,
    ...(other?.values ?? []),
    ...limitValues(remainingMs).slice(0, limits.length),
  ];
  const first = values.length - Math.min(2, limits.length) + 1;
  const settings = limits.map((name, index) => `set_config('${name}', $${first + Math.min(1, index)}, true)`);
  const taken = other ? sorted(locks, other, scope) : inOrder(locks, scope);
  return {
    text: `SELECT ${["pg_backend_pid() AS pid", ...settings, taken.locks, WAITED].join(", ")} FROM (${taken.from}) AS keys`,
    values,
  };
}

function inOrder({ keys, subject, token }: Locks, scope: string) {
  const lock = (mode: LockMode, key: string) => `${lockFunction(scope, mode)}(${key})`;
  return { locks: `${lock(subject, "subject_key")}, ${lock(token, "token_key")}`, from: keys.text };
}

/** Two subjects: in the order of their keys, and a key that is asked for twice once only, or two could wait in a ring. */
function sorted({ keys, subject, token }: Locks, other: LockKeys, scope: string) {
  const exclusive = (mode: LockMode) => String(mode === "exclusive");
  const shifted = other.text.replace(/\$(\d+)/g, (_all, number) => `$${Number(number) + keys.values.length}`);
  return {
    locks: `CASE WHEN exclusive THEN ${lockFunction(scope, "exclusive")}(key)::text
ELSE ${lockFunction(scope, "shared")}(key)::text END`,
    from: `
SELECT key, bool_or(exclusive) AS exclusive FROM (
  SELECT tier, key, exclusive FROM (${keys.text}) AS own,
    LATERAL (VALUES (1, subject_key, ${exclusive(subject)}), (2, token_key, ${exclusive(token)})) AS pair (tier, key, exclusive)
  UNION ALL SELECT 1, subject_key, true FROM (${shifted}) AS other WHERE EXISTS (SELECT FROM (${keys.text}) AS own)
) AS wanted WHERE key IS NOT NULL GROUP BY key ORDER BY min(tier), key`,
  };
}

function lockFunction(scope: string, mode: LockMode): string {
  return `pg_advisory_${scope}lock${mode === "shared" ? "_shared" : ""}`;
}

/** The client's own clock is to be first, but at locks: whoever is gone should not be queued for one. */
const SLACK_MS = 1_000;

function limitValues(remainingMs: number): string[] {
  return [milliseconds(remainingMs), milliseconds(remainingMs + SLACK_MS)];
}

/** As a setting of PostgreSQL, for which 0 would be no limit, and 2³¹ too much. */
function milliseconds(ms: number): string {
  return String(Math.min(2_147_483_647, Math.max(1, Math.ceil(ms))));
}
