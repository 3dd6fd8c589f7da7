import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { sep } from "node:path";

export interface SourceFile {
  /** Relative to the checked path, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly size: number;
  readonly modified: number;
  /** When its content or anything else about it was changed last. */
  readonly changed: number;
  readonly inode: number;
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
    return [sourceFile(root.split(sep).at(-1) as string, root, stat)];
  }
  const found: SourceFile[] = [];
  const seen = new Set<string>();
  /** `folder` and `path`: with a separator at the end, the second one from the root; `real`: the folder without symbolic links on the way. */
  const visit = (folder: string, path: string, real: string): void => {
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of entriesOf(folder)) {
      const { name } = entry;
      const isMigrations = /(^|_)migrations$/.test(name);
      const skipped =
        name.startsWith(".") ||
        ((isMigrations || SKIPPED_FOLDERS.has(name)) && !(options.tests && /^tests?$/.test(name)));
      const isSource = name.endsWith(".py") && (options.tests || !SKIPPED_FILES.test(name));
      if (skipped && !isSource) continue;
      // (Put together here: `join` looks at every character, and there may be ten thousand files.)
      const absolute = folder + name;
      const kind = kindOf(entry, absolute);
      if (kind === "folder" && !skipped) {
        const inner = entry.isSymbolicLink() ? realPath(absolute) : `${real}${sep}${name}`;
        if (inner !== undefined) visit(absolute + sep, `${path}${name}/`, inner);
      } else if (kind === "file" && isSource) {
        const stat = statSync(absolute, { throwIfNoEntry: false });
        if (stat) found.push(sourceFile(path + name, absolute, stat));
      }
    }
  };
  visit(root.endsWith(sep) ? root : root + sep, "", realPath(root) ?? root);
  return found;
}

function sourceFile(path: string, absolute: string, stat: Stats): SourceFile {
  const { size, mtimeMs: modified, ctimeMs: changed, ino: inode } = stat;
  return { path, absolute, size, modified, changed, inode };
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
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
