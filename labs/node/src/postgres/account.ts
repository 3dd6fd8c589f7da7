import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The user that PostgreSQL runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. As root, the first of `postgres` and `nobody` that exists;
 * otherwise undefined: the user at hand will do.
 */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([identity("-u", name), identity("-g", name)]);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  return { uid: 65534, gid: 65534 };
}

async function identity(flag: "-u" | "-g", name: string): Promise<number | undefined> {
  try {
    const { stdout } = await run("id", [flag, name]);
    const id = Number(stdout.trim());
    return Number.isInteger(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
