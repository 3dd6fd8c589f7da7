import { type Dirent, promises as fs, realpathSync, type Stats, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

export interface SourceFile {
  /** Relative to the checked path, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly size: number;
  readonly modified: number;
}

/** Never project code, or never run by two requests at once. */
const SKIPPED_FOLDERS = new Set([
  "node_modules",
  "__pycache__",
  "site-packages",
  "tests",
  "test",
  "testing",
  "venv",
  "env",
  "build",
  "dist",
  "docs",
  "doc",
]);
const SKIPPED_FILES = /^(tests?|test_.*|.*_tests?|conftest|setup|factories)\.py$/;

/**
 * All Python files under `root` that may run in a request, in the order of their names. A folder reached twice
 * (a symbolic link, a loop of them) is read once.
 */
export async function findSources(
  root: string,
  options: { readonly tests?: boolean } = {},
): Promise<SourceFile[]> {
  if (statSync(root).isFile()) {
    const stat = statSync(root);
    return [
      { path: root.split(sep).at(-1) as string, absolute: root, size: stat.size, modified: stat.mtimeMs },
    ];
  }
  const found: SourceFile[] = [];
  const seen = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    const real = realPath(folder);
    if (real === undefined || seen.has(real)) return;
    seen.add(real);
    for (const entry of await entriesOf(folder)) {
      const absolute = join(folder, entry.name);
      const kind = kindOf(entry, absolute);
      if (kind === "folder") {
        const isMigrations = /(^|_)migrations$/.test(entry.name);
        const skipped =
          (isMigrations || SKIPPED_FOLDERS.has(entry.name)) &&
          !(options.tests && /^tests?$/.test(entry.name));
        if (!skipped && !entry.name.startsWith(".")) await visit(absolute);
      } else if (
        kind === "file" &&
        entry.name.endsWith(".py") &&
        (options.tests || !SKIPPED_FILES.test(entry.name))
      ) {
        const stat = statSync(absolute, { throwIfNoEntry: false });
        if (stat)
          found.push({
            path: relative(root, absolute).split(sep).join("/"),
            absolute,
            size: stat.size,
            modified: stat.mtimeMs,
          });
      }
    }
  };
  await visit(root);
  return found;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // Not readable for us: said by what is missing from the report's count of files.
    return [];
  }
}

function kindOf(entry: Dirent, absolute: string): "folder" | "file" | undefined {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  if (!entry.isSymbolicLink()) return undefined;
  const stat = targetOf(absolute);
  return stat?.isDirectory() ? "folder" : stat?.isFile() ? "file" : undefined;
}

/** Of a link that leads to itself the system says ELOOP. */
function targetOf(link: string): Stats | undefined {
  try {
    return statSync(link, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function realPath(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
