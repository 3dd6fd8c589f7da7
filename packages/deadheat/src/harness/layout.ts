import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { StepFailed } from "./failure.ts";

/** Where what is in a Django project. */
export interface Layout {
  /** What the user named. */
  readonly root: string;
  /** The folder of manage.py, from the root; `""` for the root itself. */
  readonly app: string;
  /** `shop.settings` */
  readonly settings: string;
}

export interface LayoutOptions {
  /** Of deadheat.yaml or the command line; found where absent. */
  readonly settings?: string;
}

const DEEPEST = 3;
const SKIPPED = new Set(["node_modules", "venv", "env", "site-packages", "tests", "docs"]);

/** Finds manage.py and the settings module that it names. Throws StepFailed. */
export function layoutOf(root: string, options: LayoutOptions = {}): Layout {
  const manage = managesUnder(root);
  const [first] = manage;
  if (first === undefined)
    throw new StepFailed(
      "layout",
      `${basename(root)}: no manage.py in it`,
      [],
      "Give the folder that has manage.py in it, or one not more than three levels above.",
    );
  const app = relative(root, dirname(first));
  const settings = options.settings ?? settingsIn(first) ?? settingsBeside(dirname(first));
  if (settings === undefined)
    throw new StepFailed(
      "layout",
      `${relative(root, first)} names no settings module`,
      [],
      "prove: { settings: project.settings }",
    );
  return { root, app, settings };
}

/** All of them, the nearest first. */
function managesUnder(root: string): string[] {
  const found: { readonly file: string; readonly depth: number }[] = [];
  const visit = (folder: string, depth: number): void => {
    if (existsSync(join(folder, "manage.py"))) found.push({ file: join(folder, "manage.py"), depth });
    if (depth >= DEEPEST) return;
    for (const one of foldersIn(folder)) visit(join(folder, one), depth + 1);
  };
  visit(root, 0);
  return found.sort((a, b) => a.depth - b.depth).map(({ file }) => file);
}

function foldersIn(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((one) => one.isDirectory() && !one.name.startsWith(".") && !SKIPPED.has(one.name))
    .map(({ name }) => name)
    .sort();
}

function settingsIn(manage: string): string | undefined {
  const text = readFileSync(manage, "utf8");
  return /DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']/.exec(text)?.[1];
}

/** `shop/settings.py` below a manage.py that computes the name. */
function settingsBeside(folder: string): string | undefined {
  const name = foldersIn(folder).find(
    (one) =>
      existsSync(join(folder, one, "settings.py")) ||
      statSync(join(folder, one, "settings"), { throwIfNoEntry: false })?.isDirectory(),
  );
  return name === undefined ? undefined : `${name}.settings`;
}
