import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { StopReason } from "../budget.ts";
import type { CheckResult, WitnessOptions } from "../check.ts";
import { OracleError } from "../errors.ts";
import type { History } from "../history.ts";
import { split } from "../search/partition.ts";
import { mergeOrders } from "../search/replay.ts";
import { validate } from "../validate.ts";
import { type ModelReference, type PoolReply, type PoolTask, resolveModel } from "./task.ts";

export type { ModelReference } from "./task.ts";

export interface PoolOptions {
  /** Threads; default one per processor, never more than partitions. */
  readonly threads?: number;
  /** Shared evenly among the threads. Default 3,000,000 each. */
  readonly maxConfigs?: number;
  /** In ms, from the call; threads need some 50 ms to start. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly witness?: boolean | WitnessOptions;
}

/**
 * `check` with the partitions shared among worker threads. Worth its start-up where many partitions are
 * hard; a history of one partition takes one thread. The first race ends the others.
 *
 * @throws OracleError as `check`, and `pool-failed` where a thread stops or the history cannot be cloned
 */
export async function checkInPool(
  model: ModelReference,
  history: History<unknown, unknown>,
  options: PoolOptions = {},
): Promise<CheckResult> {
  const start = performance.now();
  const { threads = availableParallelism(), deadlineMs, signal } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new OracleError("bad-option", `threads is ${threads}, not a whole number ≥ 1`);
  }
  validate(history);
  const shares = deal(split(await resolveModel(model), history), threads);
  const stop = new AbortController();
  const workers: Worker[] = [];
  try {
    const stopped = new Promise<StopReason>((resolve) => {
      if (signal?.aborted) resolve("aborted");
      signal?.addEventListener("abort", () => resolve("aborted"), { once: true, signal: stop.signal });
      if (deadlineMs !== undefined) {
        const timer = setTimeout(() => resolve("deadline"), deadlineMs);
        stop.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
      }
    });
    const running = shares.map((share) => run(workers, taskOf(model, share, options, shares.length)));
    const results = await Promise.race([firstRace(running), stopped]);
    const ms = performance.now() - start;
    if (typeof results === "string") {
      return { verdict: "unknown", stats: { configs: 0, ms, stopped: results } };
    }
    return combine(shares, results, ms);
  } finally {
    stop.abort();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Large partitions first, each to the thread with least to do. */
function deal(parts: readonly History<unknown, unknown>[], threads: number): History<unknown, unknown>[] {
  const count = Math.min(threads, parts.length);
  const shares = Array.from({ length: count }, () => [] as History<unknown, unknown>[number][]);
  for (const part of parts.toSorted((a, b) => b.length - a.length)) {
    const least = shares.reduce((a, b) => (b.length < a.length ? b : a));
    for (const operation of part) least.push(operation);
  }
  return shares;
}

function taskOf(
  model: ModelReference,
  history: History<unknown, unknown>,
  { maxConfigs, deadlineMs, witness }: PoolOptions,
  shares: number,
): PoolTask {
  return {
    model,
    history,
    options: {
      ...(maxConfigs !== undefined && { maxConfigs: Math.ceil(maxConfigs / shares) }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(witness !== undefined && { witness }),
    },
  };
}

/** All results, or as many as there are at the first race. */
function firstRace(running: readonly Promise<CheckResult>[]): Promise<CheckResult[]> {
  return new Promise((resolve, reject) => {
    const results: CheckResult[] = [];
    if (running.length === 0) resolve(results);
    for (const [index, each] of running.entries()) {
      each.then((result) => {
        results[index] = result;
        const all = Object.keys(results).length === running.length;
        if (all || result.verdict === "race") resolve(results);
      }, reject);
    }
  });
}

function combine(
  shares: readonly History<unknown, unknown>[],
  results: readonly CheckResult[],
  ms: number,
): CheckResult {
  const done = results.filter((result) => result !== undefined);
  const stats = { configs: done.reduce((sum, result) => sum + result.stats.configs, 0), ms };
  const race = done.find(({ verdict }) => verdict === "race");
  if (race !== undefined) return { ...race, stats };
  const open = done.find(({ verdict }) => verdict === "unknown");
  if (open !== undefined) return { verdict: "unknown", stats: { ...open.stats, ...stats } };
  const orders = shares.map((history, index) => ({ history, order: results[index]?.linearization ?? [] }));
  return { verdict: "linearizable", linearization: mergeOrders(orders), stats };
}

function run(workers: Worker[], task: PoolTask): Promise<CheckResult> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new OracleError("pool-failed", "a thread of the pool stopped", { cause }));
    const worker = startWorker();
    workers.push(worker);
    worker.once("error", fail);
    worker.once("exit", (code) => fail(new Error(`exit code ${code}`)));
    worker.once("message", (reply: PoolReply) => {
      if ("result" in reply) resolve(reply.result);
      else
        reject(new OracleError(reply.error.code, reply.error.message, { operation: reply.error.operation }));
    });
    try {
      worker.postMessage(task);
    } catch (cause) {
      reject(new OracleError("pool-failed", "the history cannot be sent to a thread", { cause }));
    }
  });
}

/** Built, the thread runs JavaScript; from source, TypeScript, which Node 20 needs a loader for. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./worker.js", import.meta.url));
  // Through the package's directory: from here, its entry points resolve to the ones for require.
  const home = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("./dist/esm/api/index.mjs", home).href;
  const entry = new URL("./worker.ts", import.meta.url).href;
  const text = `import("${loader}").then(({ register }) => { register(); return import("${entry}"); })`;
  return new Worker(text, { eval: true, execArgv: ["--conditions", "source"] });
}
