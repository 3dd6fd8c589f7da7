import type { MadeUser } from "../../harness/index.ts";
import type { PrincipalRecipe, RequestTemplate } from "../../plan/credential.ts";
import type { BodyShape, Operation } from "../../plan/operation.ts";
import type { CredentialPlan } from "../../plan/plan.ts";

/**
 * Recipes for users that a script has made: by the project's own login where there is one, so that tokens can be ended
 * and had again, else with the tokens that the script gave.
 */
export function recipesOf(users: readonly MadeUser[], plan: CredentialPlan): PrincipalRecipe[] {
  return users.flatMap((user, index): PrincipalRecipe[] => {
    const base = {
      name: `user${index}_${plan.scheme.replace(/[^A-Za-z0-9_-]/g, "_")}`,
      schemes: [plan.scheme],
      headers: {},
      variables: {
        password: async () => user.password,
        email: async () => user.email,
        username: async () => user.username,
      },
      register: [],
      refresh: [],
      revoke: [],
      setUpOnly: false,
    };
    const login = plan.logins.find((one) => one.body !== undefined);
    const pointer = login && tokenPointer(login);
    if (login && pointer !== undefined) {
      const step = { request: loginRequest(login, login.body as BodyShape), extract: { token: pointer } };
      return [{ ...base, tokens: [], login: [step] }];
    }
    const token = tokenFor(user, plan);
    return token === undefined ? [] : [{ ...base, tokens: [async () => token], login: [] }];
  });
}

function tokenFor({ tokens }: MadeUser, { scheme, keywords }: CredentialPlan): string | undefined {
  const { authtoken, jwt, knox } = tokens;
  if (/knox/i.test(scheme)) return knox;
  if (/jwt/i.test(scheme)) return jwt;
  return keywords[0] === "Token" ? (authtoken ?? knox ?? jwt) : (jwt ?? authtoken ?? knox);
}

function loginRequest({ method, path }: Operation, body: BodyShape): RequestTemplate {
  const filled = { ...(body.sample as Record<string, unknown>) };
  for (const slot of body.slots) {
    const name = slot.pointer.slice(1);
    if (name.includes("/")) continue;
    if (slot.secret) filled[name] = `\${password}`;
    else if (/mail/i.test(name)) filled[name] = `\${email}`;
    else if (slot.type === "string" && !slot.fixed) filled[name] = `\${username}`;
  }
  const isForm = body.mediaType.startsWith("application/x-www-form-urlencoded");
  return {
    method,
    path,
    headers: {},
    ...(isForm ? { form: filled as Record<string, string> } : { json: filled }),
  };
}

function tokenPointer({ leaves = [] }: Operation): string | undefined {
  const named = (pattern: RegExp) =>
    leaves.find((leaf) => leaf.type === "string" && pattern.test(leaf.pointer));
  const leaf =
    named(/\/access_?token$/i) ??
    named(/\/access$/i) ??
    named(/(?<!refresh_?)token$/i) ??
    named(/\/(jwt|key|auth)$/i);
  return (
    leaf &&
    `$${leaf.pointer
      .split("/")
      .slice(1)
      .map((part) => `["${part}"]`)
      .join("")}`
  );
}
