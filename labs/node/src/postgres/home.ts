import { mkdtempSync, writeFileSync } from "node:fs";
import { chmod, lstat, readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Account } from "./account.ts";
import { alive, commandLine, waitUntil } from "./processes.ts";

const PREFIX = "deadheat-pg-";
const OWNER = "owner.json";
/** A start takes seconds; a directory that has no owner after an hour will never get one. */
const ORPHAN_AGE = 3_600_000;

interface Owner {
  /** Process ids mean nothing on another machine or in another container that shares the folder. */
  readonly host: string;
  readonly pids: readonly number[];
}

/** Where servers live. A TMPDIR that the server's account cannot get through to is of no use to it. */
export async function homes(account: Account | undefined): Promise<string> {
  if (account === undefined) return tmpdir();
  return (await open(tmpdir())) ? tmpdir() : "/tmp";
}

/** A private directory for one server, marked with the processes that answer for it. */
export async function createHome(parent: string, pids: readonly number[]): Promise<string> {
  const home = mkdtempSync(join(parent, PREFIX));
  const owner: Owner = { host: hostname(), pids };
  // Not one await between the two: a kill here would leave a directory that nobody dares to sweep.
  writeFileSync(join(home, OWNER), JSON.stringify(owner), { mode: 0o600 });
  // The account of the server must get through to its data, which only it may read.
  await chmod(home, 0o711);
  return home;
}

/** Removes what earlier owners left behind that were killed together with their supervisors. */
export async function sweep(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(PREFIX)) continue;
    const home = join(directory, name);
    if (await abandoned(home)) await reclaim(home).catch(() => {});
  }
}

/** Stops the server of `home`, if it still runs, and removes the directory. */
export async function reclaim(home: string): Promise<void> {
  const pid = await postmaster(home);
  if (pid !== undefined) {
    process.kill(pid, "SIGQUIT");
    await waitUntil(() => !alive(pid), 5_000);
    // Looked at again: by then its id may be another's.
    if ((await postmaster(home)) === pid) process.kill(pid, "SIGKILL");
  }
  // The last backend may be writing while its files go.
  await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

async function open(directory: string): Promise<boolean> {
  const entry = await stat(directory).catch(() => undefined);
  if (!entry || (entry.mode & 0o001) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || open(parent);
}

async function abandoned(home: string): Promise<boolean> {
  const entry = await lstat(home).catch(() => undefined);
  // The folder is open to all: another user's directory could name any process for us to kill.
  if (!entry?.isDirectory() || entry.uid !== (process.getuid?.() ?? entry.uid)) return false;
  const text = await readFile(join(home, OWNER), "utf8").catch(() => undefined);
  if (text === undefined) return Date.now() - entry.mtimeMs > ORPHAN_AGE;
  try {
    const { host, pids } = JSON.parse(text) as Owner;
    return host === hostname() && pids.every((pid) => !alive(pid));
  } catch {
    return false;
  }
}

/** The server's process, if it runs on exactly this directory: a process id alone may be reused. */
async function postmaster(home: string): Promise<number | undefined> {
  const data = join(home, "data");
  const text = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return (await commandLine(pid))?.includes(data) ? pid : undefined;
}
