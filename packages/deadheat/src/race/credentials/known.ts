import type { PrincipalRecipe, RecipeStep } from "../../plan/credential.ts";
import { lastName } from "../../plan/names.ts";
import { fillText, variablesIn } from "../../plan/template.ts";
import { scalars } from "../pointer.ts";
import { filled, underToken, type Variables } from "../recipe.ts";
import type { Token } from "../token.ts";
import type { Credentials, Principal } from "./credentials.ts";
import { livesOnRefresh, type RecipeContext } from "./issue.ts";

/** What a scenario needs to know of a principal beside its tokens. */
export function knownOf(
  context: RecipeContext,
  recipe: PrincipalRecipe,
  variables: Variables,
): Pick<Principal, "registered" | "renewal" | "revocation"> {
  const registered = namesIn(recipe, variables);
  const [step, ...more] = recipe.refresh;
  const renewal = (refreshToken: string) =>
    filled((step as RecipeStep).request, new Map([...variables, ["refresh_token", refreshToken]]));
  return {
    registered,
    // Where signing in spends the only refresh token there is, an exchange beside it would lose what comes next.
    ...(step && more.length === 0 && !livesOnRefresh(recipe) ? { renewal } : {}),
    ...(recipe.revoke.length > 0 ? { revocation: revocationOf(context, recipe, variables) } : {}),
  };
}

/** The steps before the last one are made at once: they only find out what the last one has to say. */
function revocationOf({ recipes }: RecipeContext, { revoke }: PrincipalRecipe, variables: Variables) {
  return async ({ value, refresh, headers }: Token) => {
    const known: Variables = new Map([...variables, ["token", value]]);
    if (refresh === undefined) known.delete("refresh_token");
    else known.set("refresh_token", refresh);
    const steps = revoke.map((step) => underToken(step, headers));
    await recipes.run(steps.slice(0, -1), known);
    return filled((steps.at(-1) as RecipeStep).request, known);
  };
}

export function revokedBy(recipes: readonly PrincipalRecipe[]): Pick<Credentials, "revokedBy"> {
  const last = recipes.flatMap(({ revoke }) => revoke.slice(-1));
  const [first] = last;
  if (!first || last.length < recipes.length) return {};
  const name = `${first.request.method} ${first.request.path}`;
  return { revokedBy: { name, ofRefreshToken: variablesIn(first).includes("refresh_token") } };
}

/** Texts that its recipe registers or signs in with, by their names, but for those that are secret. */
function namesIn(
  { register, login, variables: supplied }: PrincipalRecipe,
  variables: Variables,
): Record<string, string> {
  const names: Record<string, string> = {};
  for (const name of ["email", "username"])
    if (register.length > 0 || Object.hasOwn(supplied, name)) {
      const value = variables.get(name);
      if (value !== undefined) names[name] = value;
    }
  for (const { request } of [...login, ...register])
    for (const { pointer, value } of [...scalars(request.json), ...scalars(request.form)]) {
      if (typeof value !== "string" || /pass|secret|token|code|pin$|type$|scope|client/i.test(pointer))
        continue;
      if (variablesIn(value).some((one) => !NAMES.includes(one) || !variables.has(one))) continue;
      names[lastName(pointer)] = fillText(value, (one) => variables.get(one));
    }
  return names;
}

const NAMES = ["unique", "email", "username", "uuid"];
