import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export function alive(pid: number): boolean {
  return exists(pid) && !zombie(pid);
}

/** Whether a process has this id, whoever it belongs to, and be it dead. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Dead, but not yet taken note of by its parent; in a container without an init it stays so for ever. */
function zombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    // The name before the state is in brackets, and may hold anything.
    return /^ [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1) ?? "");
  } catch {
    return true;
  }
}

/** The command line of a process, or undefined where there is none to be seen. */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux") {
      return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    }
    return (await run("ps", ["-o", "args=", "-p", String(pid)])).stdout;
  } catch {
    return undefined;
  }
}

/** Waits until `gone` says so, or `limit` milliseconds have passed; says which. */
export async function waitUntil(gone: () => boolean, limit: number): Promise<boolean> {
  const end = performance.now() + limit;
  while (!gone()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
