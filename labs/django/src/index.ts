import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isLabErrorCode, LabError } from "./errors.ts";
import { type LabSwitches, toArguments } from "./options.ts";
import type { LabFacts } from "./serve.ts";

export { LabError, type LabErrorCode } from "./errors.ts";
export type { LabSwitches } from "./options.ts";
export type { LabFacts } from "./serve.ts";

const PROGRAM = fileURLToPath(new URL("../bin/deadheat-lab-django.js", import.meta.url));

export interface DjangoLabOptions extends Partial<LabSwitches> {
  /** A PostgreSQL server to make a database of our own on. Default: the environment's DATABASE_URL. */
  readonly databaseUrl?: string;
  /** A folder to serve in place of `app`: a changed copy of it. */
  readonly app?: string;
  /** Receives each line of the servers' logs. */
  readonly onLog?: (line: string) => void;
  /** Calls the start off; once the lab is ready, use `stop`. */
  readonly signal?: AbortSignal;
}

export interface DjangoLab extends LabFacts {
  /** Settles when the lab is gone, with its exit code; a part of it that ended by itself ends all of it. */
  readonly closed: Promise<number | null>;
  /** Of the process that answers for all of the lab's. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the Django lab in a process of its own, which stops all of it when this process ends,
 * whatever ends it. Rejects with a LabError that says what is missing.
 */
export async function startDjangoLab(options: DjangoLabOptions = {}): Promise<DjangoLab> {
  options.signal?.throwIfAborted();
  const log = options.onLog ? ["--log"] : [];
  const child = spawn(
    process.execPath,
    [PROGRAM, "--json", "--owner-pipe", ...log, ...toArguments(options)],
    {
      // A group of its own: a Ctrl-C must not take down the very process that cleans up.
      detached: true,
      stdio: "pipe",
      env: {
        ...process.env,
        ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
        ...(options.app === undefined ? {} : { LAB_APP: options.app }),
      },
    },
  );
  const closed = once(child, "close").then(
    ([code]) => code as number | null,
    () => null,
  );
  child.stdin.on("error", () => {});
  const end = () => child.stdin.end();
  const stop = async () => {
    end();
    await closed;
  };
  options.signal?.addEventListener("abort", end, { once: true });
  try {
    const facts = await readiness(child, options.onLog ?? (() => {}));
    options.signal?.throwIfAborted();
    return { ...facts, closed, pid: child.pid!, stop };
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", end);
  }
}

function readiness(child: ChildProcess, onLog: (line: string) => void): Promise<LabFacts> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr! }).on("line", (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
      onLog(line);
    });
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const { error, ...facts } = JSON.parse(line) as LabFacts & {
        error?: { code: string; message: string; hint: string };
      };
      if (error === undefined) return resolve(facts);
      const { code, message, hint } = error;
      reject(new LabError(isLabErrorCode(code) ? code : "start-failed", message, { hint }));
    });
    child.once("error", reject);
    child.once("close", () =>
      reject(
        new LabError("start-failed", `the lab ended before it was ready: ${said.slice(-3).join(" | ")}`),
      ),
    );
  });
}
