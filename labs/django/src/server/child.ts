import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { LabError } from "../errors.ts";
import { alive } from "../home.ts";

const SETPRIV = "/usr/bin/setpriv";
const KEPT_LINES = 20;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** How it is told to stop at once; the kernel sends it, too, where we are killed. */
  readonly stopSignal: "SIGQUIT" | "SIGTERM";
  readonly log: (line: string) => void;
}

export interface Server {
  /** Settles when the process has ended, with a word on how. */
  readonly gone: Promise<string>;
  /** The first match in what it says; rejects where it ends before, or `limitMs` pass. */
  said(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray>;
  stop(): Promise<void>;
}

/** Starts a server that does not outlive this process, not even where it is killed. */
export function startServer(command: Command): Server {
  const { file, args, cwd, env, stopSignal } = command;
  const bound = existsSync(SETPRIV);
  const child = spawn(
    bound ? SETPRIV : file,
    bound ? ["--pdeathsig", stopSignal.slice(3), file, ...args] : [...args],
    // A group of its own: a Ctrl-C is for us, and what is left of it can be killed as one.
    { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const gone = once(child, "close").then(
    ([code, signal]) => String(code ?? signal),
    (error: Error) => error.message,
  );
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      command.log(line);
      for (const listener of listeners) listener(line);
    });
  }
  const said: Server["said"] = (pattern, limitMs) =>
    new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(new LabError("start-failed", `${file} ${why}: ${lines.slice(-3).join(" | ")}`));
      const look = (line: string) => {
        const match = line.match(pattern);
        if (match) resolve(match);
      };
      lines.forEach(look);
      listeners.add(look);
      const late = setTimeout(() => fail(`was not ready within ${limitMs} ms`), limitMs);
      gone.then((how) => {
        clearTimeout(late);
        fail(`ended (${how})`);
      });
    });
  return { gone, said, stop: () => stop(child, gone, stopSignal) };
}

async function stop(child: ChildProcess, gone: Promise<string>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const late = setTimeout(() => killGroup(child), 3_000);
  await gone;
  clearTimeout(late);
  // Workers that did not notice the end of their master.
  killGroup(child);
}

/** Once the child has ended its id may be another's; that of its group is its own as long as no process has it. */
function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || ((exitCode !== null || signalCode !== null) && alive(pid))) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All gone, as it should be.
  }
}
