import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { endGroup } from "../process-group.ts";

const SETPRIV = "/usr/bin/setpriv";
const KEPT_LINES = 40;
const STOP_MS = 3_000;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What a command said in the end. */
export interface Finished {
  readonly code: number | string;
  readonly stdout: string;
  /** The last lines of both streams. */
  readonly lines: readonly string[];
}

/** Runs a command to its end, or for `limitMs` at most. Throws only where `signal` is aborted. */
export async function run(command: Command, limitMs: number): Promise<Finished> {
  command.signal.throwIfAborted();
  const child = start(command);
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const lines = keptLines(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child);
  }, limitMs);
  const stop = () => endGroup(child);
  command.signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended(child);
    command.signal.throwIfAborted();
    return { code: late ? `ended after ${Math.round(limitMs / 1000)} s` : code, stdout, lines };
  } finally {
    clearTimeout(timer);
    command.signal.removeEventListener("abort", stop);
  }
}

/** A process that goes on until it is stopped. */
export interface Service {
  readonly lines: readonly string[];
  /** Settles when it has ended, with a word on how. */
  readonly gone: Promise<string>;
  /** The first match in what it says; a string on how it failed where it ends before or `limitMs` pass. */
  said(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray | string>;
  onLine(listener: (line: string) => void): void;
  stop(): Promise<void>;
}

export function serve(command: Command, stopSignal: NodeJS.Signals = "SIGTERM"): Service {
  const child = start(command, stopSignal);
  const lines = keptLines(child);
  const gone = ended(child).then(String);
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on("line", (line) => {
        for (const listener of listeners) listener(line);
      });
  return {
    lines,
    gone,
    said: (pattern, limitMs) =>
      new Promise((resolve) => {
        const look = (line: string) => {
          const match = line.match(pattern);
          if (match) resolve(match);
        };
        for (const line of lines) look(line);
        listeners.add(look);
        const late = setTimeout(
          () => resolve(`was not ready within ${Math.round(limitMs / 1000)} s`),
          limitMs,
        );
        gone.then((how) => {
          clearTimeout(late);
          resolve(`ended (${how})`);
        });
      }),
    onLine: (listener) => void listeners.add(listener),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill(stopSignal);
      const late = setTimeout(() => endGroup(child), STOP_MS);
      await gone;
      clearTimeout(late);
      // Workers that did not notice the end of their master.
      endGroup(child);
    },
  };
}

/** In a group of its own, so that a Ctrl-C is for us; and it does not outlive us where the kernel can see to that. */
function start({ file, args, cwd, env }: Command, deathSignal: NodeJS.Signals = "SIGTERM"): ChildProcess {
  const bound = existsSync(SETPRIV);
  return spawn(
    bound ? SETPRIV : file,
    bound ? ["--pdeathsig", deathSignal.slice(3), file, ...args] : [...args],
    { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
}

function keptLines(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
      });
  return lines;
}

async function ended(child: ChildProcess): Promise<number | string> {
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    return code ?? signal ?? "ended";
  } catch (error) {
    return (error as Error).message;
  }
}
