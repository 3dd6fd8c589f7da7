import type { Effect, Guard } from "../effects/effect.ts";
import type { Protection } from "../effects/protection.ts";
import type { Row, Site } from "../effects/values.ts";
import type { Candidate, Confidence, PathStep, Severity } from "./rule.ts";

/** What happened to the lock, in words. */
const BECAUSE: Readonly<Record<Protection["coverage"], string>> = {
  none: "nothing makes a second request wait: there is no transaction and no lock",
  atomic:
    "transaction.atomic() takes no lock: at READ COMMITTED two requests may both read before either writes",
  stale: "the lock is held, but the values are those that were read before it",
  "wrong-row":
    "the lock is on another row: a request that reaches this row by another way does not wait for it",
  narrow:
    "the key of the lock names more than what is asked for: a request with another key does not wait, and is told the same",
  outside: "select_for_update() outside of a transaction holds no lock by the time of the write",
  uncommitted:
    "the lock is given back before the transaction around it commits: who gets it next does not see what was written",
  released: "the transaction that held the lock has ended before the write",
  locked: "",
  parent: "",
  named: "",
  rechecked: "",
};

const OF_PROCESS =
  "a lock of threading keeps the threads of one process waiting: a server that runs several, or on several machines, has as many locks";

export function becauseOf(protection: Protection): string {
  return BECAUSE[protection.coverage];
}

export function explain(
  write: Effect,
  options: {
    readonly message: string;
    readonly protection: Protection;
    readonly row?: Row;
    readonly column?: string;
    readonly read?: Site;
    readonly test?: Guard;
    readonly compute?: Site;
    readonly also?: readonly Effect[];
    readonly severity?: Severity;
    readonly confidence?: Confidence;
    readonly site?: Site;
    readonly fixable?: boolean;
    readonly because?: string;
    readonly about?: string;
    /** A lock on `row` ends the gap. */
    readonly ofRow?: boolean;
    readonly interleaving?: readonly string[];
    readonly own?: boolean;
  },
): Candidate {
  const { protection } = options;
  // Where there is one process only, it is enough.
  const isOfProcess = write.locks.some((one) => one.ofProcess);
  const steps: PathStep[] = [];
  const fetch = options.row?.fetch;
  if (fetch) steps.push({ role: "read", site: fetch.site });
  if (protection.lock && protection.lock !== fetch) steps.push({ role: "lock", site: protection.lock.site });
  if (options.read) steps.push({ role: "read", site: options.read });
  if (options.test) steps.push({ role: "test", site: options.test.site });
  if (options.compute) steps.push({ role: "write", site: options.compute, note: "computed in Python" });
  const also = options.also ?? [];
  const told = (one: Effect): PathStep => ({ role: roleOf(one), site: one.site });
  steps.push(...also.filter((one) => one.seq < write.seq).map(told));
  for (const call of write.trail.slice(0, 2)) steps.push({ role: "call", site: call });
  steps.push({ role: "write", site: write.site });
  steps.push(...also.filter((one) => one.seq >= write.seq).map(told));
  return {
    at: write,
    ...apart(write, options.test, [options.test ?? fetch, ...also]),
    ...(options.site ? { site: options.site } : {}),
    path: withoutRepeats(steps),
    message: options.message,
    because: options.because ?? (isOfProcess ? OF_PROCESS : becauseOf(protection)),
    ...(options.about ? { about: options.about } : {}),
    ...(options.ofRow && options.row ? { row: options.row.key } : {}),
    ...(options.own ? { own: true } : {}),
    ...(isOfProcess ? { severity: "low" as const } : options.severity ? { severity: options.severity } : {}),
    ...(options.confidence ? { confidence: options.confidence } : {}),
    ...(options.interleaving ? { interleaving: options.interleaving } : {}),
    fixable: options.fixable ?? false,
  };
}

/**
 * A test in one called function and a write in another, or one of them here: the gap is in the function that calls,
 * of which neither knows.
 */
function apart(
  { trail: [call] }: Effect,
  test: Guard | undefined,
  parts: readonly (Pick<Effect, "trail"> | undefined)[],
): Pick<Candidate, "apart"> {
  if (!call || !parts.some((one) => one && one.trail[0] !== call)) return {};
  return { apart: test && test.trail[0] !== call ? "test" : "rest" };
}

function roleOf(effect: Effect): PathStep["role"] {
  if (["fetch", "list", "exists", "count", "aggregate", "refresh"].includes(effect.kind)) return "read";
  return ["external", "command", "wait"].includes(effect.kind) ? "effect" : "write";
}

function withoutRepeats(steps: readonly PathStep[]): PathStep[] {
  const seen = new Set<string>();
  return steps.filter((one) => {
    const key = `${one.site.fn.module.path}:${one.site.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
