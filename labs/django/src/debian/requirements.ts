import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { promisify } from "node:util";
import { LabError } from "../errors.ts";
import type { LabSwitches } from "../options.ts";

const run = promisify(execFile);

/** Python modules that the application imports, and Debian's packages that have them. */
const MODULES: Readonly<Record<string, string>> = {
  django: "python3-django",
  rest_framework: "python3-djangorestframework",
  rest_framework_simplejwt: "python3-djangorestframework-simplejwt",
  drf_spectacular: "python3-djangorestframework-spectacular",
  yaml: "python3-yaml",
  psycopg2: "python3-psycopg2",
};
const SERVER_PACKAGES = { gunicorn: "gunicorn", uvicorn: "uvicorn" } as const;
const PROBE = `
import importlib.util, json, sys
missing = [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]
import importlib
versions = {}
if "django" not in missing:
    import django
    versions["django"] = django.get_version()
print(json.dumps({"missing": missing, **versions}))
`;

export interface Found {
  /** Debian's packages that are still needed. */
  readonly missing: readonly string[];
  /** `3.2.25`, where it is there. */
  readonly django: string | undefined;
}

/** Which of Debian's packages a lab with these switches still needs. */
export async function lookForPackages(switches: LabSwitches): Promise<Found> {
  const modules = { ...MODULES, [switches.server]: SERVER_PACKAGES[switches.server] };
  const python = await probe(switches.python, Object.keys(modules));
  const missing = python
    ? python.missing.map((name) => modules[name]!)
    : ["python3", ...Object.values(modules)];
  if (switches.front !== "none" && !(await nginx())) missing.push("nginx-light");
  if (switches.front === "h2" && !(await onPath("openssl"))) missing.push("openssl");
  return { missing, django: python?.django };
}

async function probe(python: string, modules: readonly string[]) {
  try {
    const { stdout } = await run(python, ["-c", PROBE, ...modules]);
    return JSON.parse(stdout) as { missing: string[]; django?: string };
  } catch {
    return undefined;
  }
}

/** nginx is often in a folder that only root has on the PATH. */
export async function nginx(): Promise<string | undefined> {
  return (await onPath("nginx")) ?? ((await executable("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : undefined);
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(":"))
    if (folder && (await executable(`${folder}/${name}`))) return `${folder}/${name}`;
  return undefined;
}

async function executable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Throws where Django is older than the application can run on. */
export function recentEnough(django: string | undefined): void {
  const [major = 0, minor = 0] = (django ?? "0").split(".").map(Number);
  if (major > 3 || (major === 3 && minor >= 2)) return;
  throw new LabError("old-django", `Django ${django ?? "(none)"} is too old`);
}
