import type { Secret } from "../plan/credential.ts";
import { variablesIn } from "../plan/template.ts";
import { nearest } from "./issues.ts";
import { type Problems, shown } from "./problems.ts";
import { environmentSecret, type Surroundings } from "./secret.ts";
import type { Path } from "./source.ts";

/** Made up for whoever does not give them. */
export const GENERATED = ["unique", "email", "password", "uuid"] as const;

/** Variables that mean something and so cannot be called otherwise. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "mail.code": "needs `mail:`, which says where mail is read",
  refresh_token: "no earlier step extracts it: add refreshToken: $.refresh_token to the login",
  token: "no earlier step extracts it: add token: $.access_token",
};

const JWT = /\beyJ[\w-]{8,}\.[\w-]+\./;

/** What the requests of one recipe may name, and the environment variables that they do. */
export class RecipeTexts {
  readonly secrets: Record<string, Secret> = {};
  readonly problems: Problems;
  readonly surroundings: Surroundings;

  constructor(problems: Problems, surroundings: Surroundings) {
    this.problems = problems;
    this.surroundings = surroundings;
  }

  /** Reports each variable of a text (or of all texts in a value) that nothing gives a value to. */
  check<T>(value: T, path: Path, known: ReadonlySet<string>): T {
    if (typeof value === "string") this.#checkText(value, path, known);
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value))
        this.check(inner, [...path, Array.isArray(value) ? Number(key) : key], known);
    return value;
  }

  #checkText(text: string, path: Path, known: ReadonlySet<string>): void {
    if (JWT.test(text))
      this.problems.add(path, "a token does not belong in this file", `Write \${env:NAME} in its place.`);
    for (const name of variablesIn(text)) {
      if (name.startsWith("env:")) this.#useEnvironment(name, path);
      else if (!known.has(name)) this.problems.add(path, unknown(name, [...known]));
    }
  }

  #useEnvironment(name: string, path: Path): void {
    const variable = name.slice("env:".length);
    if (!/^[A-Za-z_]\w*$/.test(variable)) {
      this.problems.add(path, `\${env:…} does not hold the name of an environment variable`);
      return;
    }
    this.secrets[name] ??= environmentSecret(variable, path, this.surroundings, this.problems);
  }
}

function unknown(name: string, known: readonly string[]): string {
  const explained = Object.hasOwn(EXPLAINED, name) ? EXPLAINED[name] : undefined;
  if (explained !== undefined) return `\${${name}}: ${explained}`;
  const near = nearest(name, known);
  const rest = near === undefined ? `there are ${known.join(", ")}` : `did you mean \${${near}}?`;
  return `\${${shown(name)}}: unknown variable; ${rest}`;
}
