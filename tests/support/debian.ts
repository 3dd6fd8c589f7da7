import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { apt } from "../../labs/django/src/debian/install.ts";

const run = promisify(execFile);
const INSTALL_MS = 240_000;

/** What a test needs: by the name of its Debian package, a command that works where it is there. */
export type Needs = Readonly<Record<string, readonly [program: string, ...args: string[]]>>;

/** Installs what is missing where root may, on Debian. Gives the reason to skip; in CI, where all must run, throws. */
export async function lacking(needs: Needs): Promise<string | undefined> {
  let missing = await missingOf(needs);
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    const signal = AbortSignal.timeout(INSTALL_MS);
    await apt(["update"], signal);
    await apt(["install", "--yes", "--no-install-recommends", ...missing], signal);
    missing = await missingOf(needs);
  }
  if (missing.length === 0) return undefined;
  const reason = `missing here: ${missing.join(", ")}`;
  if (process.env.CI) throw new Error(reason);
  return reason;
}

async function missingOf(needs: Needs): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(needs).map(async ([name, [program, ...args]]) => {
      const works = await run(program, args).then(
        () => true,
        () => false,
      );
      return works ? [] : [name];
    }),
  );
  return found.flat();
}
