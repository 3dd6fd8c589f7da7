import type { PrincipalRecipe, RecipeStep } from "../../plan/credential.ts";
import { variablesIn } from "../../plan/template.ts";
import type { Exchange } from "../exchange.ts";
import { filled, type RecipeRunner, secretsFor, type Variables } from "../recipe.ts";
import { assertTokenSyntax, type Presentation, present, type Token } from "../token.ts";
import { type CredentialContext, SetupFailed } from "./credentials.ts";
import { lifetimeFrom, lifetimeIn, lifetimeOf } from "./lifetime.ts";

export interface RecipeContext extends CredentialContext {
  readonly recipes: RecipeRunner;
}

/** A token before it is known how it is sent: that differs between schemes. */
export interface Issued {
  readonly value: string;
  readonly refresh?: string;
  /** Monotonic ms. */
  readonly expires?: number;
  readonly asked?: number;
  /** Of its principal, beside the one that carries the token. */
  readonly headers: Readonly<Record<string, string>>;
}

export function presented(issued: Issued, presentation: Presentation): Token {
  const { value, headers, refresh, expires, asked } = issued;
  return {
    ...present(value, presentation, headers),
    ...(refresh === undefined ? {} : { refresh }),
    ...(expires === undefined ? {} : { expires }),
    ...(asked === undefined ? {} : { asked }),
  };
}

/** Made-up values that one principal keeps, and the user's own. */
export async function variablesOf(context: RecipeContext, recipe: PrincipalRecipe): Promise<Variables> {
  const unique = context.unique();
  const { register, login, refresh, revoke, headers, identity } = recipe;
  const used = [register, login, refresh, revoke, headers, identity?.step, identity?.expected];
  return new Map([
    ["unique", unique],
    ["email", `${unique}@example.com`],
    ["password", `Dh1!${context.uuid()}`],
    ["uuid", context.uuid()],
    ...(await secretsFor(recipe.variables, used)),
  ]);
}

/** Runs steps that give a token. Throws RecipeFailed, and DeadheatError for a text that is none. */
export async function issue(
  context: RecipeContext,
  recipe: PrincipalRecipe,
  steps: readonly RecipeStep[],
  variables: Variables,
): Promise<Issued> {
  // How long the token before it lived says nothing about this one.
  if (steps.length > 0) variables.delete("expires_in");
  const answer = await context.recipes.run(steps, variables);
  const value = variables.get("token");
  if (value === undefined) throw new SetupFailed(`${recipe.name}: its recipe extracts no token`);
  return issuedAs(context, recipe, value, variables, answer);
}

export function issuedAs(
  { clock }: RecipeContext,
  recipe: PrincipalRecipe,
  value: string,
  variables: Variables,
  answer?: Exchange,
): Issued {
  assertTokenSyntax(value, `the token of ${recipe.name}`);
  const life = lifeOf(value, variables.get("expires_in"), answer);
  const refresh = variables.get("refresh_token");
  return {
    value,
    headers: headersOf(recipe, variables),
    ...(refresh === undefined ? {} : { refresh }),
    ...(life === undefined ? {} : { expires: clock.now() + life }),
    ...(answer === undefined ? {} : { asked: answer.invoke }),
  };
}

/** What the recipe points at goes first; without an answer there is only what the token says itself. */
function lifeOf(value: string, told: string | undefined, answer: Exchange | undefined): number | undefined {
  if (!answer) return lifetimeIn(value);
  return (
    (told === undefined ? undefined : lifetimeFrom(told, "expires_in", answer)) ?? lifetimeOf(answer, value)
  );
}

function headersOf(recipe: PrincipalRecipe, variables: Variables): Record<string, string> {
  const request = { method: "GET", path: "/", headers: recipe.headers };
  const { accept: _, ...headers } = filled(request, variables).headers;
  return headers;
}

/** Signing in spends a refresh token that the user brought: there may be no other way in. */
export function livesOnRefresh({ login, variables }: PrincipalRecipe): boolean {
  return Object.hasOwn(variables, "refresh_token") && variablesIn(login).includes("refresh_token");
}
