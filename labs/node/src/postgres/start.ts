import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PostgresError, type PostgresErrorCode } from "./errors.ts";
import { reclaim } from "./home.ts";
import { type Ready, type Report, type Request, SOURCES, type Source } from "./protocol.ts";

const SUPERVISOR = fileURLToPath(new URL("../../bin/postgres-supervisor.js", import.meta.url));

export interface StartOptions {
  /** Receives each line of the server's log. */
  readonly onLog?: (line: string) => void;
  /** Calls the start off; once the server is ready, use `stop`. */
  readonly signal?: AbortSignal;
  /** Which sources to consider, in this order. Default: all of them. */
  readonly sources?: readonly Source[];
  /** Default: the environment's DATABASE_URL. */
  readonly databaseUrl?: string;
  /** At least 100, which is also the default. */
  readonly maxConnections?: number;
}

export interface Postgres {
  readonly url: string;
  readonly source: Source;
  readonly version: string;
  /** Settles when the server is gone, whether it was stopped or ended by itself. */
  readonly closed: Promise<void>;
  /** Stops the server and removes all of it. May be called more than once. */
  stop(): Promise<void>;
}

/** Starts a throw-away PostgreSQL that cannot outlive this process. */
export async function startPostgres(options: StartOptions = {}): Promise<Postgres> {
  options.signal?.throwIfAborted();
  const supervisor = spawn(process.execPath, [SUPERVISOR], { detached: true, stdio: "pipe" });
  const gone = once(supervisor, "close").then(
    () => {},
    () => {},
  );
  // A supervisor that has ended no longer reads.
  supervisor.stdin.on("error", () => {});
  const end = () => supervisor.stdin.end();
  options.signal?.addEventListener("abort", end, { once: true });
  supervisor.stdin.write(`${JSON.stringify(request(options))}\n`);
  try {
    const ready = await readiness(supervisor, options.onLog ?? (() => {}));
    // Called off a moment too late to keep the server from getting ready.
    options.signal?.throwIfAborted();
    hold(supervisor, false);
    // Killed, the supervisor could not clean up: then it is for us to do.
    const closed = gone.then(async () => {
      if (supervisor.signalCode !== null && ready.directory !== undefined) {
        await reclaim(ready.directory).catch(() => {});
      }
    });
    const stop = async () => {
      hold(supervisor, true);
      end();
      await closed;
    };
    return { url: ready.url, source: ready.source, version: ready.version, closed, stop };
  } catch (error) {
    end();
    await gone;
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", end);
  }
}

function request(options: StartOptions): Request {
  return {
    sources: options.sources ?? SOURCES,
    databaseUrl: options.databaseUrl ?? process.env.DATABASE_URL,
    maxConnections: Math.max(100, options.maxConnections ?? 0),
  };
}

function readiness(supervisor: ChildProcess, onLog: (line: string) => void): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const complaints: string[] = [];
    createInterface({ input: supervisor.stderr! }).on("line", (line) => {
      complaints.push(line);
      onLog(line);
    });
    createInterface({ input: supervisor.stdout! }).on("line", (line) => {
      const report = JSON.parse(line) as Report;
      if (report.type === "ready") resolve(report);
      else if (report.type === "log") onLog(report.line);
      else reject(new PostgresError(report.code as PostgresErrorCode, report.message));
    });
    supervisor.once("error", reject);
    supervisor.once("close", () => {
      const why = complaints.find((line) => /Error/.test(line)) ?? "without a word";
      reject(new PostgresError("start-failed", `the supervisor of the server ended: ${why}`));
    });
  });
}

/** A server that nobody stopped must not keep its owner's process from ending. */
function hold(supervisor: ChildProcess, held: boolean): void {
  for (const handle of [supervisor, supervisor.stdin, supervisor.stdout, supervisor.stderr]) {
    const stream = handle as unknown as { ref(): void; unref(): void };
    if (held) stream.ref();
    else stream.unref();
  }
}
