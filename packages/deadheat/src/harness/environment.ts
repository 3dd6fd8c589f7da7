import { randomBytes } from "node:crypto";

/** A variable that the project asked for and nobody had set. */
export interface MadeUp {
  readonly name: string;
  readonly as: string;
}

const MISSING = [
  /^KeyError: ['"]([A-Z][A-Z0-9_]+)['"]/m,
  // django-environ
  /Set the ([A-Z][A-Z0-9_]+) environment variable/,
  // python-decouple
  /UndefinedValueError: ([A-Z][A-Z0-9_]+) not found/,
  // pydantic, environs and people's own
  /(?:[Ee]nvironment variable|Env(?:ironment)? var(?:iable)?)\s*["'`]?([A-Z][A-Z0-9_]{2,})["'`]?/,
  /["'`]?\b([A-Z][A-Z0-9_]{2,})["'`]? (?:is not set|not set|must be set|is required|environment variable)/,
];

/** The environment variable that a failed start asks for. */
export function missingVariable(lines: readonly string[]): string | undefined {
  const text = lines.join("\n");
  for (const pattern of MISSING) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined && name !== "DJANGO_SETTINGS_MODULE") return name;
  }
  return undefined;
}

/** A value for it that leads nowhere but to the throw-away database; told by its name. */
export function madeUpValue(
  name: string,
  databaseUrl: string,
): { readonly value: string; readonly as: string } {
  const url = new URL(databaseUrl);
  if (/(DATABASE|POSTGRES|PG|DB)/.test(name)) {
    if (/(URL|URI|DSN)$/.test(name) || /^(\w+_)?DATABASE$/.test(name))
      return { value: databaseUrl, as: "the database" };
    if (/HOST$/.test(name)) return { value: url.hostname, as: "the database's host" };
    if (/PORT$/.test(name)) return { value: url.port, as: "the database's port" };
    if (/USER(NAME)?$/.test(name)) return { value: url.username, as: "the database's user" };
    if (/PASS(WORD)?$/.test(name)) return { value: url.password, as: "the database's password" };
    if (/(NAME|DB|DATABASE)$/.test(name)) return { value: url.pathname.slice(1), as: "the database's name" };
  }
  if (/REDIS|BROKER|CELERY/.test(name))
    return { value: "redis://127.0.0.1:9/0", as: "a Redis that is not there" };
  if (/(URL|URI|ENDPOINT|ORIGIN)$/.test(name))
    return { value: "http://127.0.0.1:9", as: "an address that leads nowhere" };
  if (/DEBUG|TESTING/.test(name)) return { value: "False", as: "False" };
  if (/HOSTS?$/.test(name)) return { value: "127.0.0.1", as: "127.0.0.1" };
  if (/(PORT|TIMEOUT|SECONDS|MINUTES|DAYS|COUNT|SIZE|LIMIT|NUM|MAX|MIN|ID)$/.test(name))
    return { value: "1", as: "1" };
  if (/E?MAIL$/.test(name)) return { value: "deadheat@example.com", as: "an address of nobody's" };
  if (/SECRET|KEY|TOKEN|PASS|SALT/.test(name))
    return { value: randomBytes(32).toString("base64url"), as: "a random text" };
  return { value: "deadheat", as: "a text" };
}
