import type { ChildProcess } from "node:child_process";

type Child = Pick<ChildProcess, "pid" | "exitCode" | "signalCode">;

/**
 * Ends what is left of a child that leads a process group. Once the child has ended and has been waited for, its id may be
 * given to a process of somebody else's: the id of a group is its own only as long as no process has it.
 */
export function endGroup({ pid, exitCode, signalCode }: Child): void {
  if (pid === undefined) return;
  const isOver = exitCode !== null || signalCode !== null;
  if (isOver && exists(pid)) return;
  try {
    // There are no such groups on Windows.
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // All gone, as it should be.
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
