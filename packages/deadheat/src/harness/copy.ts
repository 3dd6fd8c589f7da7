import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, join } from "node:path";

const LEFT_OUT = new Set([
  ".git",
  ".hg",
  ".tox",
  ".mypy_cache",
  ".pytest_cache",
  "node_modules",
  "__pycache__",
  ".deadheat",
]);

/** A copy of a project without its history and its installed packages: the project itself is never written to. */
export async function copyProject(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    // What a link names is looked up where it was.
    verbatimSymlinks: false,
    filter: (source) =>
      source === from || (!LEFT_OUT.has(basename(source)) && !existsSync(join(source, "pyvenv.cfg"))),
  });
}
