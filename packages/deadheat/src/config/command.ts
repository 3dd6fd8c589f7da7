import { spawn } from "node:child_process";
import { endGroup } from "../process-group.ts";

export type CommandOutput = { readonly output: string } | { readonly problem: string };

const LIMIT_MS = 10_000;
const LIMIT_BYTES = 65_536;

export interface CommandOptions {
  /** Working directory. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
}

/**
 * Runs a program without a shell and gives what it printed. Its standard error is not kept: password stores
 * repeat what they were asked for there. Never rejects.
 */
export function runCommand(
  [program = "", ...args]: readonly string[],
  { folder, env, signal, limitMs = LIMIT_MS }: CommandOptions,
): Promise<CommandOutput> {
  return new Promise((resolve) => {
    // A group of its own, so that what the program started ends with it; and no terminal to ask on.
    const child = spawn(program, args, {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: CommandOutput) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve(result);
    };
    const kill = (problem: string) => {
      endGroup(child);
      child.stdout.destroy();
      finish({ problem });
    };
    const onAbort = () => kill("was called off");
    const timer = setTimeout(() => kill(`took longer than ${limitMs / 1000} s`), limitMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMIT_BYTES) kill("printed too much");
      else chunks.push(chunk);
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      finish({ problem: error.code === "ENOENT" ? "was not found" : `could not be started (${error.code})` }),
    );
    child.on("close", (code, by) => {
      if (code === 0) finish({ output: Buffer.concat(chunks).toString("utf8") });
      else finish({ problem: code === null ? `was ended by ${by}` : `failed with exit code ${code}` });
    });
  });
}
