import type { Expression } from "../parse/syntax.ts";
import type { Module } from "./definitions.ts";
import { textOf } from "./project.ts";

/** What a project's settings say, as far as they say it in plain text. */
export interface Settings {
  /** `unknown` where it is computed: then a finding that depends on it is less certain. */
  readonly atomicRequests: boolean | "unknown";
  /** Each request runs in a transaction: `ATOMIC_REQUESTS`, a middleware, a hook of the web framework. */
  readonly wrapsRequests: boolean;
  /** Last part of the database engine: `postgresql`, `sqlite3`. */
  readonly engine?: string;
  readonly isolation?: string;
  readonly userModel?: string;
  readonly authentication: readonly string[];
  readonly permissions: readonly string[];
  readonly rootUrlconf?: string;
  readonly values: ReadonlyMap<string, Expression>;
}

export const NO_SETTINGS: Settings = {
  atomicRequests: false,
  wrapsRequests: false,
  authentication: [],
  permissions: [],
  values: new Map(),
};

const IS_SETTINGS = /(^|\/)settings(\/[^/]+)?\.py$|(^|\/)\w*settings\w*\.py$/;

export function readSettings(modules: readonly Module[]): Settings {
  const files = modules.filter((one) => IS_SETTINGS.test(one.path) && !/(^|\/)tests?\//.test(one.path));
  const values = new Map<string, Expression>();
  // `base.py` before `production.py`: what is not test or local wins by being read last.
  for (const file of [...files].sort((a, b) => rank(a.path) - rank(b.path)))
    for (const [name, value] of file.values) values.set(name, value);
  const databases = values.get("DATABASES");
  const rest = entries(values.get("REST_FRAMEWORK"));
  const user = values.get("AUTH_USER_MODEL");
  const urls = values.get("ROOT_URLCONF");
  const engine = find(databases, "ENGINE");
  const isolation = find(databases, "isolation_level");
  const atomic = atomicRequests(databases, files);
  return {
    atomicRequests: atomic,
    wrapsRequests: atomic === true || hasMiddleware(values) || modules.some(hasHook),
    ...(engine?.kind === "string" ? { engine: engine.value.split(".").at(-1) as string } : {}),
    ...(isolation ? { isolation: isolation.kind === "string" ? isolation.value : textOf(isolation) } : {}),
    ...(user?.kind === "string" ? { userModel: user.value } : {}),
    ...(urls?.kind === "string" ? { rootUrlconf: urls.value } : {}),
    authentication: names(rest.get("DEFAULT_AUTHENTICATION_CLASSES")),
    permissions: names(rest.get("DEFAULT_PERMISSION_CLASSES")),
    values,
  };
}

/** `SIMPLE_JWT = {"BLACKLIST_AFTER_ROTATION": True}`: whether it says so in plain text. */
export function isSwitchedOn({ values }: Settings, [group, name]: readonly [string, string]): boolean {
  const value = find(values.get(group), name);
  return value?.kind === "constant" && value.value === true;
}

function rank(path: string): number {
  if (/test|local|dev|debug|ci|docker|example/.test(path)) return 0;
  return /base|common|default|__init__/.test(path) ? 1 : 2;
}

function atomicRequests(databases: Expression | undefined, files: readonly Module[]): boolean | "unknown" {
  const given = find(databases, "ATOMIC_REQUESTS");
  if (given?.kind === "constant") return given.value === true;
  if (given) return "unknown";
  // `DATABASES["default"]["ATOMIC_REQUESTS"] = True` after a computed dictionary, or in one that is put together of others.
  for (const file of files) {
    const match = /["']ATOMIC_REQUESTS["']\s*(?:\]\s*=|:)\s*(\w+)/.exec(file.source.text);
    if (match) return match[1] === "True" ? true : match[1] === "False" ? false : "unknown";
  }
  return false;
}

/** `"django.middleware.transaction.TransactionMiddleware"`, or one of the project's own. */
function hasMiddleware(values: Settings["values"]): boolean {
  return ["MIDDLEWARE", "MIDDLEWARE_CLASSES"].some((name) =>
    names(values.get(name)).some((one) => saysTransaction(one.split(".").at(-1) as string)),
  );
}

/** `{"before_request": begin_transaction}`, `@app.before_request` above it: what Flask runs before each request. */
function hasHook({ source, path }: Module): boolean {
  const { text } = source;
  if (!text.includes("before_request") || /(^|\/)tests?(\/|_)/.test(path)) return false;
  return [...text.matchAll(HOOK)].some(([, entry, decorated, given]) =>
    saysTransaction(entry ?? decorated ?? given ?? ""),
  );
}

function saysTransaction(name: string): boolean {
  return SAYS_TRANSACTION.test(name) && !IS_ABOUT_ONE.test(name);
}

const SAYS_TRANSACTION = /transaction|atomic/i;
/** `TransactionIdMiddleware`, `log_transaction`: they begin none. */
const IS_ABOUT_ONE =
  /(Id|ID|Log|Logging|Logger|Trac(e|ing)|Audit|Name|Monitor)s?([A-Z]|_|$)|(^|_|\.)(log|trace|audit|name|monitor|track|tag)\w*_|_(id|log|trace|audit|name)s?(_|$)/;
const HOOK =
  /["']before_request["']\s*:\s*\[?\s*([\w.]+)|^@[\w.]+\.before_request(?:\(\s*\))?\s*\n(?:async\s+)?def\s+(\w+)|\.before_request\(\s*([\w.]+)/gm;

function entries(value: Expression | undefined): Map<string, Expression> {
  const found = new Map<string, Expression>();
  if (value?.kind === "dictionary")
    for (const pair of value.pairs) if (pair.key?.kind === "string") found.set(pair.key.value, pair.value);
  return found;
}

/** The value of `key` at any depth of a dictionary. */
function find(value: Expression | undefined, key: string): Expression | undefined {
  if (value?.kind === "call") {
    const given = value.args.find((one) => one.name?.toUpperCase() === key);
    return given?.value;
  }
  if (value?.kind !== "dictionary") return undefined;
  for (const pair of value.pairs) {
    if (pair.key?.kind === "string" && pair.key.value === key) return pair.value;
    const inner = find(pair.value, key);
    if (inner) return inner;
  }
  return undefined;
}

function names(value: Expression | undefined): string[] {
  if (value?.kind !== "sequence") return [];
  return value.items.map((one) => (one.kind === "string" ? one.value : textOf(one))).filter((one) => one);
}
