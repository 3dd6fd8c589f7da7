import type { RecipeStep, Secret } from "../plan/credential.ts";
import { fillText } from "../plan/template.ts";
import type { RecipeTexts } from "./recipe.ts";
import type { OAuth2Input } from "./schema.ts";
import { secretOf } from "./secret.ts";
import type { Path } from "./source.ts";
import { requestOf } from "./steps.ts";

/** The steps that an OAuth 2.0 grant stands for, and the variables that they name. */
export interface OAuth2Steps {
  readonly login: RecipeStep[];
  readonly refresh: RecipeStep[];
  readonly revoke: RecipeStep[];
  readonly variables: Record<string, Secret>;
}

const EXTRACT = { token: "$.access_token", refresh_token: "$.refresh_token", expires_in: "$.expires_in" };
/** RFC 6749 §5.1. */
const OPTIONAL = ["refresh_token", "expires_in"];

/** Which keys a grant needs, and which mean nothing to it. */
const GRANTS = {
  password: { needs: ["username", "password"], knows: ["username", "password", "scope"] },
  client_credentials: { needs: ["clientId", "clientSecret"], knows: ["scope"] },
  refresh_token: { needs: ["refreshToken"], knows: ["refreshToken", "scope"] },
} as const;
const OF_SOME_GRANT = ["username", "password", "refreshToken", "scope"] as const;

/** Compiles RFC 6749 §4.3, §4.4, §6 and RFC 7009 §2.1 into steps. */
export function oauth2Steps(
  input: OAuth2Input,
  path: Path,
  known: Set<string>,
  texts: RecipeTexts,
): OAuth2Steps {
  reportKeys(input, path, texts);
  const variables: Record<string, Secret> = {};
  const text = (key: "username" | "scope" | "clientId") =>
    texts.check(input[key] ?? "", [...path, key], known);
  const client = clientAuthentication(input, path, known, texts, variables);
  const endpoint = (key: "tokenUrl" | "revocationUrl", form: Record<string, string>): RecipeStep => ({
    request: {
      ...requestOf(`POST ${input[key] ?? ""}`, [...path, key], known, texts),
      headers: { accept: "application/json", ...client.headers },
      form: { ...form, ...client.form },
    },
    ...(key === "tokenUrl" ? { extract: EXTRACT, optional: OPTIONAL } : { extract: {} }),
  });
  const scope: Record<string, string> = input.scope === undefined ? {} : { scope: text("scope") };
  // The scope of a refresh is the granted one where none is sent (RFC 6749 §6).
  const refresh = endpoint("tokenUrl", { grant_type: "refresh_token", refresh_token: `\${refresh_token}` });
  let login = refresh;
  if (input.grant === "client_credentials")
    login = endpoint("tokenUrl", { grant_type: "client_credentials", ...scope });
  else if (input.grant === "password") {
    const password = passwordOf(input, path, known, texts, variables);
    login = endpoint("tokenUrl", { grant_type: "password", username: text("username"), password, ...scope });
  } else if (input.refreshToken)
    variables.refresh_token = secretOf(
      input.refreshToken,
      [...path, "refreshToken"],
      texts.surroundings,
      texts.problems,
    );
  for (const name of Object.keys(EXTRACT)) known.add(name);
  return {
    login: [login],
    // RFC 6749 §4.4.3: client credentials come without a refresh token.
    refresh: input.grant === "client_credentials" ? [] : [refresh],
    revoke:
      input.revocationUrl === undefined
        ? []
        : [endpoint("revocationUrl", { token: `\${token}`, token_type_hint: "access_token" })],
    variables,
  };
}

function reportKeys(input: OAuth2Input, path: Path, texts: RecipeTexts): void {
  const { needs, knows } = GRANTS[input.grant];
  for (const key of needs)
    if (input[key] === undefined) texts.problems.add(path, `the grant ${input.grant} needs ${key}`);
  for (const key of OF_SOME_GRANT)
    if (input[key] !== undefined && !(knows as readonly string[]).includes(key))
      texts.problems.add([...path, key], `means nothing for the grant ${input.grant}`);
  if (input.clientSecret !== undefined && input.clientId === undefined)
    texts.problems.add([...path, "clientSecret"], "needs clientId beside it");
  if (input.clientAuthentication !== undefined && input.clientSecret === undefined)
    texts.problems.add([...path, "clientAuthentication"], "means nothing without clientSecret");
  for (const key of ["tokenUrl", "revocationUrl"] as const)
    if (
      input[key] !== undefined &&
      !/^(\/(?![/\\])|https?:\/\/[^\s/@$?#\\]+(\/|$))[^\s#\\]*$/.test(input[key])
    )
      texts.problems.add([...path, key], "is neither a path such as /o/token/ nor a URL");
}

/** RFC 6749 §2.3.1. A public client only names itself. */
function clientAuthentication(
  input: OAuth2Input,
  path: Path,
  known: ReadonlySet<string>,
  texts: RecipeTexts,
  variables: Record<string, Secret>,
): { headers: Record<string, string>; form: Record<string, string> } {
  const { clientId, clientSecret } = input;
  if (clientId === undefined) return { headers: {}, form: {} };
  texts.check(clientId, [...path, "clientId"], known);
  if (clientSecret === undefined) return { headers: {}, form: { client_id: clientId } };
  const secret = secretOf(clientSecret, [...path, "clientSecret"], texts.surroundings, texts.problems);
  if (input.clientAuthentication === "body") {
    variables["oauth2.client_secret"] = secret;
    return { headers: {}, form: { client_id: clientId, client_secret: `\${oauth2.client_secret}` } };
  }
  variables["oauth2.client"] = async () => {
    const values = await Promise.all(Object.values(texts.secrets).map((one) => one()));
    const environment = new Map(Object.keys(texts.secrets).map((name, index) => [name, values[index]]));
    const id = fillText(clientId, (name) => environment.get(name));
    return Buffer.from(`${formEncoded(id)}:${formEncoded(await secret())}`).toString("base64");
  };
  return { headers: { authorization: `Basic \${oauth2.client}` }, form: {} };
}

/** RFC 6749 appendix B. */
function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

function passwordOf(
  { password = "" }: OAuth2Input,
  path: Path,
  known: ReadonlySet<string>,
  texts: RecipeTexts,
  variables: Record<string, Secret>,
): string {
  if (typeof password === "string") return texts.check(password, [...path, "password"], known);
  variables["oauth2.password"] = secretOf(
    password,
    [...path, "password"],
    texts.surroundings,
    texts.problems,
  );
  return `\${oauth2.password}`;
}
