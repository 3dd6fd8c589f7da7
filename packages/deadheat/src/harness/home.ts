import { mkdtempSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "deadheat-prove-";

/** A folder for one run. Its name tells who answers for it, on which machine; what dead ones left is swept. */
export async function createHome(): Promise<string> {
  const own = `${PREFIX}${hostname().replace(/[^A-Za-z0-9]/g, "_")}-`;
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = name.startsWith(own) ? Number(name.slice(own.length).split("-")[0]) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const entry = await lstat(join(tmpdir(), name)).catch(() => undefined);
    if (entry?.isDirectory() && entry.uid === (process.getuid?.() ?? entry.uid))
      await removeHome(join(tmpdir(), name));
  }
  return mkdtempSync(join(tmpdir(), `${own}${process.pid}-`));
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
