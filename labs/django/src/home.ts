import { mkdtempSync } from "node:fs";
import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "deadheat-django-";

/**
 * A directory for one lab's files. Its name tells who answers for it: process ids mean nothing on
 * another machine or in another container that shares the folder.
 */
export async function createHome(): Promise<string> {
  const own = `${PREFIX}${safe(hostname())}-`;
  await sweep(tmpdir(), own);
  const home = mkdtempSync(join(tmpdir(), `${own}${process.pid}-`));
  // nginx drops root's rights, and must get through to what it buffers.
  await chmod(home, 0o711);
  return home;
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** What was left by labs that were killed together with their pipes. */
async function sweep(parent: string, own: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = name.startsWith(own) ? Number(name.slice(own.length).split("-")[0]) : Number.NaN;
    if (!Number.isInteger(pid) || alive(pid)) continue;
    const home = join(parent, name);
    const entry = await lstat(home).catch(() => undefined);
    if (entry?.isDirectory() && entry.uid === (process.getuid?.() ?? entry.uid)) await removeHome(home);
  }
}

function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "_");
}

/** Whether there is a process of this id, whoever it belongs to. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
