import type { PrincipalRecipe, Secret } from "../plan/credential.ts";
import { oauth2Steps } from "./oauth2.ts";
import type { Problems } from "./problems.ts";
import { GENERATED, RecipeTexts } from "./recipe.ts";
import type { PrincipalInput } from "./schema.ts";
import { type Surroundings, secretOf } from "./secret.ts";
import type { Path } from "./source.ts";
import { stepOf, stepsOf } from "./steps.ts";

export interface PrincipalContext {
  readonly problems: Problems;
  readonly surroundings: Surroundings;
  /** The file says where mail is read. */
  readonly mail: boolean;
}

/** One entry of `principals:` as the recipe that a scan runs. What contradicts itself is a problem. */
export function principalRecipe(
  name: string,
  input: PrincipalInput,
  context: PrincipalContext,
): PrincipalRecipe {
  const { problems, surroundings } = context;
  const path: Path = ["principals", name];
  reportContradictions(input, path, problems);
  const texts = new RecipeTexts(problems, surroundings);
  const own = variablesOf(input, path, texts);
  const given = [...GENERATED, ...Object.keys(own), ...(context.mail ? ["mail.code"] : [])];
  const headers = headersOf(input, path, new Set(given), texts);
  const known = new Set(given);
  const register = stepsOf(input.register, [...path, "register"], known, texts);
  const oauth2 = input.oauth2 && oauth2Steps(input.oauth2, [...path, "oauth2"], known, texts);
  const login = oauth2?.login ?? stepsOf(input.login, [...path, "login"], known, texts);
  const tokens = tokensOf(input, path, problems, surroundings);
  if (tokens.length > 0) known.add("token");
  const refresh = oauth2?.refresh ?? stepsOf(input.refresh, [...path, "refresh"], new Set(known), texts);
  const revoke = input.revoke
    ? stepsOf(input.revoke, [...path, "revoke"], new Set(known), texts)
    : (oauth2?.revoke ?? []);
  const identity = identityOf(input, path, known, texts);
  const recipe: PrincipalRecipe = {
    name,
    ...(input.schemes === undefined ? {} : { schemes: input.schemes }),
    ...(input.header === undefined ? {} : { header: input.header.toLowerCase() }),
    ...(input.keyword === undefined ? {} : { keyword: input.keyword }),
    headers,
    variables: { ...own, ...oauth2?.variables, ...texts.secrets },
    tokens,
    register,
    login,
    refresh,
    revoke,
    ...(identity ? { identity } : {}),
    setUpOnly: input.setUpOnly ?? false,
  };
  reportTokenless(recipe, input, path, problems);
  return recipe;
}

/** Ways of having a token that exclude each other: which one goes first would be a guess. */
const EXCLUSIVE: readonly (readonly [keyof PrincipalInput, keyof PrincipalInput, string])[] = [
  ["token", "tokens", "put all tokens into tokens"],
  ["token", "login", "give a token, or say how to log in"],
  ["tokens", "login", "give tokens, or say how to log in"],
  ["token", "oauth2", "give a token, or an OAuth 2.0 grant"],
  ["tokens", "oauth2", "give tokens, or an OAuth 2.0 grant"],
  ["token", "register", "a token belongs to a user that exists; register makes new ones"],
  ["tokens", "register", "tokens belong to a user that exists; register makes new ones"],
  ["login", "oauth2", "oauth2 is a login; give one of them"],
  ["refresh", "oauth2", "oauth2 refreshes by itself; give one of them"],
];

function reportContradictions(input: PrincipalInput, path: Path, problems: Problems): void {
  for (const [one, other, advice] of EXCLUSIVE)
    if (input[one] !== undefined && input[other] !== undefined)
      problems.add([...path, other], `contradicts ${one}: ${advice}`);
  if (input.revoke !== undefined && input.oauth2?.revocationUrl !== undefined)
    problems.add([...path, "revoke"], "contradicts oauth2.revocationUrl: give one of them");
  if (input.register !== undefined && input.oauth2 && input.oauth2.grant !== "password")
    problems.add(
      [...path, "register"],
      `contradicts oauth2: the grant ${input.oauth2.grant} signs in nobody new`,
    );
}

function reportTokenless(
  recipe: PrincipalRecipe,
  input: PrincipalInput,
  path: Path,
  problems: Problems,
): void {
  const gives = (steps: PrincipalRecipe["login"]) =>
    steps.some(({ extract }) => Object.hasOwn(extract, "token"));
  const hint = "Add token: with the JSONPath to the token in the answer, for example token: $.access_token.";
  for (const key of ["login", "refresh"] as const)
    if (input[key] !== undefined && !gives(recipe[key]))
      problems.add([...path, key], "extracts no token", hint);
  if (recipe.tokens.length > 0 || recipe.login.length > 0 || gives(recipe.register)) return;
  if (recipe.register.length > 0)
    problems.add([...path, "register"], "extracts no token, and there is no login", hint);
  else
    problems.add(
      path,
      "says no way to a token",
      "Give it token, tokens, register, login or oauth2; docs/config.md has an example of each.",
    );
}

function variablesOf(input: PrincipalInput, path: Path, texts: RecipeTexts): Record<string, Secret> {
  const own: Record<string, Secret> = {};
  for (const [name, value] of Object.entries(input.variables ?? {})) {
    const at = [...path, "variables", name];
    if (name === "token" || name === "expires_in")
      texts.problems.add(at, "is set by the login; call it otherwise");
    if (typeof value !== "string") own[name] = secretOf(value, at, texts.surroundings, texts.problems);
    else {
      // Not filled when it is used: a variable that holds variables would be a language.
      if (value.includes(`\${`))
        texts.problems.add(at, `cannot hold \${…}: give a plain text, or { env: NAME }`);
      else texts.check(value, at, new Set());
      own[name] = async () => value;
    }
  }
  return own;
}

function headersOf(
  input: PrincipalInput,
  path: Path,
  known: ReadonlySet<string>,
  texts: RecipeTexts,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(input.headers ?? {})) {
    const at = [...path, "headers", name];
    const header = name.toLowerCase();
    if (header === (input.header ?? "authorization").toLowerCase())
      texts.problems.add(at, "is the header that carries the token: it is sent by itself");
    headers[header] = texts.check(text, at, known);
  }
  return headers;
}

function tokensOf(
  input: PrincipalInput,
  path: Path,
  problems: Problems,
  surroundings: Surroundings,
): Secret[] {
  const one = input.token ? [secretOf(input.token, [...path, "token"], surroundings, problems)] : [];
  const several = (input.tokens ?? []).map((token, index) =>
    secretOf(token, [...path, "tokens", index], surroundings, problems),
  );
  return [...one, ...several];
}

function identityOf(
  { whoami }: PrincipalInput,
  path: Path,
  known: ReadonlySet<string>,
  texts: RecipeTexts,
): PrincipalRecipe["identity"] {
  if (!whoami) return undefined;
  const { name, is, ...call } = whoami;
  const at = [...path, "whoami"];
  const step = stepOf({ ...call, extract: { name } }, at, new Set(known), texts);
  return { step, expected: texts.check(is, [...at, "is"], known) };
}
