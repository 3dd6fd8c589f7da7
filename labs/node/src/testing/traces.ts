import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for temporary files, in which whatever is left behind can be seen. */
export interface Traces {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Directories of servers and processes that run on them. */
  left(): string[];
  remove(): void;
}

export function traces(): Traces {
  const directory = mkdtempSync(join(tmpdir(), "lab-test-"));
  // The server's account has to get through.
  chmodSync(directory, 0o755);
  return {
    directory,
    env: { ...process.env, TMPDIR: directory },
    left: () => [
      ...readdirSync(directory).filter((name) => name.startsWith("deadheat-pg-")),
      ...processesIn(directory),
    ],
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Processes that name the directory, work in it (backends rename themselves) or were given it. */
function processesIn(directory: string): string[] {
  if (process.platform !== "linux") {
    const all = execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" });
    return all.split("\n").filter((line) => line.includes(directory));
  }
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && belongs(pid, directory));
}

function belongs(pid: string, directory: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) ||
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory) ||
      readFileSync(`/proc/${pid}/environ`, "utf8").includes(`TMPDIR=${directory}`)
    );
  } catch {
    return false;
  }
}

/** Polls until `holds`; says what it saw last where that never happens. */
export async function eventually<T>(look: () => T | Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
