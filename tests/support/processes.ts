import { readdirSync, readFileSync } from "node:fs";

/** Pids of processes that were started with `mark` in their environment; Linux only. */
export function processesMarked(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark) && !isZombie(pid);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function isZombie(pid: string): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Polls until `holds`, or throws with what it saw last. */
export async function eventually<T>(
  look: () => T,
  holds: (seen: T) => boolean,
  withinMs = 20_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = look();
    if (holds(seen)) return;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(seen)} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
