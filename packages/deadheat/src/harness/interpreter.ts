import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { run } from "./child.ts";
import { StepFailed } from "./failure.ts";

/** A Python that has Django. */
export interface Interpreter {
  readonly file: string;
  /** `virtual environment .venv`, `/usr/bin/python3`, … */
  readonly source: string;
  readonly version: string;
  readonly django: string;
  readonly has: { readonly gunicorn: boolean; readonly postgres: boolean };
}

const PROBE = `
import importlib.util, json, sys
def has(name):
    try:
        return importlib.util.find_spec(name) is not None
    except Exception:
        return False
import django
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "django": django.get_version(),
    "gunicorn": has("gunicorn"),
    "postgres": has("psycopg2") or has("psycopg"),
}))
`;
const PROBE_MS = 30_000;

/** The one that is named, the project's own virtual environment, an active one, or the system's. Throws StepFailed. */
export async function findInterpreter(
  root: string,
  app: string,
  signal: AbortSignal,
  named?: string,
): Promise<Interpreter> {
  const candidates = named === undefined ? usual(root, app) : [nameFor(root, named)];
  const tried: string[] = [];
  for (const { file, source } of candidates) {
    const found = await probe(file, root, signal);
    if (typeof found === "string") tried.push(`${source}: ${found}`);
    else return { file, source, ...found };
  }
  throw new StepFailed(
    "python",
    named === undefined ? "no Python that has Django" : `${named} is no Python that has Django`,
    tried,
    "Install the project's requirements (a .venv beside manage.py is found), or name it: prove: { python: path/to/python }",
  );
}

interface Candidate {
  readonly file: string;
  readonly source: string;
}

function nameFor(root: string, named: string): Candidate {
  const file = isAbsolute(named) || !named.includes("/") ? named : resolve(root, named);
  return { file, source: named };
}

function usual(root: string, app: string): Candidate[] {
  const folders = [...new Set([join(root, app), root, dirname(root)])];
  const own = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => existsSync(join(folder, name, "pyvenv.cfg")))
      .map((name) => ({ file: join(folder, name, "bin", "python"), source: `virtual environment ${name}` })),
  );
  const active = process.env.VIRTUAL_ENV;
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((one) => one !== "")
    .flatMap((one) => ["python3", "python"].map((name) => join(one, name)))
    .filter((one) => existsSync(one));
  return [
    ...own,
    ...(active ? [{ file: join(active, "bin", "python"), source: "the active virtual environment" }] : []),
    ...[...onPath, "/usr/bin/python3"].map((file) => ({ file, source: file })),
  ].filter((one, index, all) => all.findIndex(({ file }) => file === one.file) === index);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

async function probe(file: string, root: string, signal: AbortSignal) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: process.env.HOME ?? "/",
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const { code, stdout, lines } = await run({ file, args: ["-c", PROBE], cwd: root, env, signal }, PROBE_MS);
  if (code !== 0) return lines.at(-1) ?? String(code);
  const { version, django, gunicorn, postgres } = JSON.parse(stdout) as {
    version: string;
    django: string;
    gunicorn: boolean;
    postgres: boolean;
  };
  if (!postgres) return "has Django and no psycopg (PostgreSQL's driver)";
  return { version, django, has: { gunicorn, postgres } };
}
