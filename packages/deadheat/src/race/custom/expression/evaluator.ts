import { Worker } from "node:worker_threads";
import { PACKAGE_FOLDER } from "../../../package-folder.ts";
import type { Answer, Reply } from "./protocol.ts";

/** For one expression, ms: an invariant takes less than one. */
const LIMIT_MS = 2000;
/** For the thread to start, ms: much on a busy machine, and not the expression's fault. */
const START_MS = 30_000;
const MEMORY_MB = 128;

/**
 * Evaluates JSONata in a thread with a time and a memory limit: an expression that does not end (`$f()` that calls
 * itself, a regular expression that backtracks) ends there. One at a time.
 */
export class Evaluator {
  readonly #limitMs: number;
  #thread: Promise<Worker> | undefined;
  #next = 1;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** Never rejects. `input` is copied. */
  async evaluate(expression: string, input: unknown): Promise<Answer> {
    this.#thread ??= startThread();
    let thread: Worker;
    try {
      thread = await this.#thread;
    } catch {
      this.#thread = undefined;
      return { problem: "cannot be evaluated: its thread does not start" };
    }
    const id = this.#next++;
    const reply = await answerOf(thread, { id, expression, input }, this.#limitMs);
    if (reply !== "timeout" && reply !== "ended") return reply;
    await this.close();
    return {
      problem:
        reply === "timeout"
          ? `does not end: it was stopped after ${this.#limitMs / 1000} s`
          : `takes too much memory (more than ${MEMORY_MB} MB)`,
    };
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.then((one) => one.terminate()).catch(() => {});
  }
}

function answerOf(
  thread: Worker,
  task: { readonly id: number; readonly expression: string; readonly input: unknown },
  limitMs: number,
): Promise<Reply | "timeout" | "ended"> {
  return new Promise((resolve) => {
    const finish = (result: Reply | "timeout" | "ended") => {
      clearTimeout(timer);
      thread.off("message", onMessage);
      thread.off("error", onEnd);
      thread.off("exit", onEnd);
      // Whatever else becomes of it is nobody's error.
      if (result === "ended" || result === "timeout") thread.on("error", () => {});
      thread.unref();
      resolve(result);
    };
    const onMessage = (reply: Reply) => {
      if (reply.id === task.id) finish(reply);
    };
    const onEnd = () => finish("ended");
    const timer = setTimeout(() => finish("timeout"), limitMs);
    thread.ref();
    thread.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
    thread.postMessage(task);
  });
}

function startThread(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const thread = openThread();
    const fail = (cause: unknown) => {
      clearTimeout(timer);
      void thread.terminate();
      reject(cause);
    };
    const timer = setTimeout(() => fail(new Error("timeout")), START_MS);
    thread.once("error", fail);
    thread.once("message", () => {
      clearTimeout(timer);
      thread.off("error", fail);
      resolve(thread);
    });
  });
}

function openThread(): Worker {
  // It needs nothing of the environment, where tokens may stand.
  return new Worker(new URL("bin/expression-thread.js", PACKAGE_FOLDER), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    env: {},
    execArgv: [],
  });
}
