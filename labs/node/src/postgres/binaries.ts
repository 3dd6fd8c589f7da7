import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readdir, realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Account } from "./account.ts";

const run = promisify(execFile);
const SUFFIX = process.platform === "win32" ? ".exe" : "";
const DEBIAN = "/usr/lib/postgresql";
const OLDEST = 13;

/** The two programs needed of a PostgreSQL installation. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As the program says it: `15.17`. */
  readonly version: string;
}

/** An installed server: `initdb` on the PATH, else the newest of Debian's versioned directories. */
export async function installedBinaries(
  account: Account | undefined,
  cwd: string,
  path = process.env.PATH ?? "",
  debian = DEBIAN,
): Promise<Binaries | undefined> {
  for (const directory of [...path.split(delimiter).filter(Boolean), ...(await newestFirst(debian))]) {
    const initdb = join(directory, `initdb${SUFFIX}`);
    if (!(await executable(initdb))) continue;
    // A link on the PATH often points into a directory that has the rest of the programs.
    const found = await usable(dirname(await realpath(initdb)), account, cwd);
    if (found) return found;
  }
  return undefined;
}

/** The programs in `directory`, where both run as `account` and are not too old. */
export async function usable(
  directory: string,
  account: Account | undefined,
  cwd: string,
): Promise<Binaries | undefined> {
  const initdb = join(directory, `initdb${SUFFIX}`);
  const postgres = join(directory, `postgres${SUFFIX}`);
  try {
    // Only running them tells: a directory on the way may be closed to the account, a library missing.
    const [{ stdout }] = await Promise.all([
      run(postgres, ["--version"], { cwd, ...account }),
      run(initdb, ["--version"], { cwd, ...account }),
    ]);
    const version = /\b\d+(\.\d+|devel|beta\d+|rc\d+)/.exec(stdout)?.[0] ?? "0";
    return Number.parseInt(version, 10) >= OLDEST ? { initdb, postgres, version } : undefined;
  } catch {
    return undefined;
  }
}

async function newestFirst(debian: string): Promise<string[]> {
  const versions = await readdir(debian).catch(() => []);
  return versions
    .filter((version) => /^\d+$/.test(version))
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, "bin"));
}

async function executable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
