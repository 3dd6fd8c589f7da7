import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const executable = join(root, "packages", "deadheat", "bin", "deadheat.js");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves once the output so far matches. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Starts the CLI as a user would, with a clean environment. */
export function start(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Running {
  const { DEADHEAT_TOKEN: _, ...env } = process.env;
  const child = spawn(process.execPath, [executable, ...args], {
    cwd: options.cwd ?? root,
    env: { ...env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const finished = once(child, "close").then(
    ([code, signal]) => ({ code, signal, stdout, stderr }) as Finished,
  );
  const said = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = `${stdout}\n${stderr}`.match(pattern);
        if (match) resolve(match);
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      finished.then(() => reject(new Error(`never said ${pattern}: ${stdout}${stderr}`)));
      look();
    });
  return { child, finished, said };
}

export function run(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Finished> {
  return start(args, options).finished;
}
