import { DeadheatError } from "../../errors.ts";
import type { PrincipalRecipe, RecipeStep } from "../../plan/credential.ts";
import type { Operation } from "../../plan/operation.ts";
import type { CredentialPlan } from "../../plan/plan.ts";
import { fillText } from "../../plan/template.ts";
import { filled, type RecipeRunner, secretsFor, type Variables } from "../recipe.ts";
import { assertTokenSyntax, type Presentation, present, type Token } from "../token.ts";
import { type CredentialContext, type Credentials, type Principal, SetupFailed } from "./credentials.ts";
import { accepts, discriminatingProbe, presentationOf } from "./probe.ts";

/** A token that ends sooner than this is renewed before a trial, ms. */
const MARGIN_MS = 15_000;

export interface RecipeContext extends CredentialContext {
  readonly recipes: RecipeRunner;
}

/** One principal as its recipe makes it. */
interface Source {
  readonly recipe: PrincipalRecipe;
  readonly presentation: Presentation;
  readonly probe: Operation | undefined;
}

/** What the user's recipes are good for under one scheme. */
export interface Supplied {
  readonly credentials?: Credentials;
  /** Names of those whose token works. */
  readonly accepted: readonly string[];
  /** Those whose token the API does not accept under this scheme. */
  readonly rejected: readonly DeadheatError[];
}

/**
 * Credentials of one scheme from the user's recipes; `undefined` where none is for it. Throws DeadheatError
 * where a token belongs to somebody else than said; RecipeFailed where a recipe does not work.
 */
export async function recipeCredentials(
  context: RecipeContext,
  plan: CredentialPlan,
  recipes: readonly PrincipalRecipe[],
): Promise<Supplied | undefined> {
  const serving = recipes.filter((one) => !one.schemes || one.schemes.includes(plan.scheme));
  if (serving.length === 0) return undefined;
  const probe = await discriminatingProbe(context.session, plan);
  const sources: Source[] = [];
  const rejected: DeadheatError[] = [];
  for (const recipe of serving) {
    const source = await tryRecipe(context, plan, probe, recipe);
    if (source instanceof DeadheatError) rejected.push(source);
    else sources.push(source);
  }
  const accepted = sources.map(({ recipe }) => recipe.name);
  const making = sources.find(({ recipe }) => recipe.register.length > 0);
  if (making) return { credentials: registered(context, making), accepted, rejected };
  if (sources.length === 0) return { accepted, rejected };
  return { credentials: existing(context, sources), accepted, rejected };
}

/** Has a token by the recipe, and finds how it is sent and whether it works. */
async function tryRecipe(
  context: RecipeContext,
  plan: CredentialPlan,
  probe: Operation | undefined,
  recipe: PrincipalRecipe,
): Promise<Source | DeadheatError> {
  const header = recipe.header ?? plan.header;
  const keywords = recipe.keyword === undefined ? plan.keywords : [recipe.keyword];
  const presentations = keywords.map((keyword) => ({ header, keyword }));
  const [first = { header, keyword: "Bearer" }] = presentations;
  const variables = await variablesOf(context, recipe);
  const { value } = await issue(context, { recipe, presentation: first, probe }, variables, recipe.tokens[0]);
  const headers = await headersOf(recipe, variables);
  const presentation = probe
    ? await presentationOf(context.session, probe, value, presentations, headers)
    : first;
  if (!presentation)
    return new DeadheatError(
      "token-rejected",
      `the API rejects the token of ${recipe.name} (asked with ${probe?.method} ${probe?.path})`,
      "Get a new token of a user made for testing, and look at header and keyword: how it is sent.",
    );
  await assertIdentity(context, recipe, present(value, presentation, headers), variables);
  return { recipe, presentation, probe };
}

async function assertIdentity(
  context: RecipeContext,
  recipe: PrincipalRecipe,
  token: Token,
  variables: Variables,
): Promise<void> {
  if (!recipe.identity) return;
  const { step, expected } = recipe.identity;
  const asked = {
    ...step,
    request: { ...step.request, headers: { ...step.request.headers, ...token.headers } },
  };
  const known: Variables = new Map(variables);
  await context.recipes.run([asked], known);
  const owner = fillText(expected, (name) => variables.get(name));
  if (known.get("name") === owner) return;
  throw new DeadheatError(
    "token-owner",
    `the token of ${recipe.name} belongs to ${known.get("name")}, not to ${owner}`,
    `Give ${recipe.name} a token of ${owner}, or correct whoami in its entry.`,
  );
}

/** Made-up values that one principal keeps, and the user's own. */
async function variablesOf(context: RecipeContext, recipe: PrincipalRecipe): Promise<Variables> {
  const unique = context.unique();
  const used = [recipe.register, recipe.login, recipe.refresh, recipe.revoke, recipe.headers];
  const { identity } = recipe;
  return new Map([
    ["unique", unique],
    ["email", `${unique}@example.com`],
    ["password", `Dh1!${context.uuid()}`],
    ["uuid", context.uuid()],
    ...(await secretsFor(recipe.variables, [...used, identity?.step, identity?.expected])),
  ]);
}

async function headersOf(recipe: PrincipalRecipe, variables: Variables): Promise<Record<string, string>> {
  const request = { method: "GET", path: "/", headers: recipe.headers };
  const { accept: _, ...headers } = filled(request, variables).headers;
  return headers;
}

/** A token: the supplied one, or by the steps of the recipe. */
async function issue(
  context: RecipeContext,
  { recipe, presentation }: Source,
  variables: Variables,
  supplied?: PrincipalRecipe["tokens"][number],
  steps: readonly RecipeStep[] = recipe.register.length > 0
    ? [...recipe.register, ...recipe.login]
    : recipe.login,
): Promise<Token> {
  if (supplied) variables.set("token", (await supplied()).trim());
  else await context.recipes.run(steps, variables);
  const value = variables.get("token");
  if (value === undefined) throw new SetupFailed(`${recipe.name}: its recipe extracts no token`);
  assertTokenSyntax(value, `the token of ${recipe.name}`);
  const seconds = Number(variables.get("expires_in"));
  const refresh = variables.get("refresh_token");
  return {
    ...present(value, presentation, await headersOf(recipe, variables)),
    ...(refresh === undefined ? {} : { refresh }),
    ...(Number.isFinite(seconds) ? { expires: context.clock.now() + seconds * 1000 } : {}),
  };
}

/** A new principal each time. */
function registered(context: RecipeContext, source: Source): Credentials {
  const { recipe, presentation } = source;
  return {
    fresh: true,
    renewable: true,
    secondToken: recipe.login.length > 0,
    users: Number.POSITIVE_INFINITY,
    via: `${recipe.name}: ${wordsOf(recipe)}`,
    present: (value) => present(value, presentation),
    async mint() {
      const variables = await variablesOf(context, recipe);
      const token = await issue(context, source, variables);
      context.inventory.add({
        by: `${recipe.register[0]?.request.method} ${recipe.register[0]?.request.path}`,
      });
      return { token, answers: new Map(), ...loginOf(context, source, variables) };
    },
  };
}

function loginOf(context: RecipeContext, source: Source, variables: Variables): Pick<Principal, "login"> {
  const { recipe } = source;
  if (recipe.login.length === 0) return {};
  return { login: () => issue(context, source, new Map(variables), undefined, recipe.login) };
}

/** The same principals each time, under a token that works. */
function existing(context: RecipeContext, sources: readonly Source[]): Credentials {
  const holders = sources.map((source) => holderOf(context, source));
  const [first] = sources as [Source];
  const every = (test: (recipe: PrincipalRecipe) => boolean) => sources.every(({ recipe }) => test(recipe));
  return {
    fresh: false,
    renewable: every((recipe) => recipe.login.length > 0),
    secondToken: every((recipe) => recipe.login.length > 0 || recipe.tokens.length > 1),
    users: sources.length,
    via: sources.map(({ recipe }) => `${recipe.name}: ${wordsOf(recipe)}`).join(", "),
    present: (value) => present(value, first.presentation),
    mint: (user = 0) => (holders[user % holders.length] as () => Promise<Principal>)(),
  };
}

/** Keeps one principal's token until it ends; then it is refreshed, or the principal signs in again. */
function holderOf(context: RecipeContext, source: Source): () => Promise<Principal> {
  const { recipe } = source;
  let held: { readonly token: Token; readonly variables: Variables } | undefined;
  const works = async (token: Token) => {
    if (token.expires !== undefined && token.expires - context.clock.now() < MARGIN_MS) return false;
    return source.probe === undefined || (await accepts(context.session, source.probe, token));
  };
  const renewed = async () => {
    const refreshed = held && (await refreshedToken(context, source, held.variables));
    if (refreshed && held) return { token: refreshed, variables: held.variables };
    const variables = await variablesOf(context, recipe);
    return { token: await issue(context, source, variables, suppliedOf(recipe, 0)), variables };
  };
  return async () => {
    const renewable = recipe.login.length > 0 || recipe.refresh.length > 0;
    if (!held || (renewable && !(await works(held.token)))) held = await renewed();
    const { token, variables } = held;
    if (recipe.login.length > 0) return { token, answers: new Map(), ...loginOf(context, source, variables) };
    const second = suppliedOf(recipe, 1);
    const login = () => issue(context, source, new Map(variables), second);
    return { token, answers: new Map(), ...(second ? { login } : {}) };
  };
}

function suppliedOf(recipe: PrincipalRecipe, index: number) {
  return recipe.login.length > 0 ? undefined : recipe.tokens[index];
}

async function refreshedToken(
  context: RecipeContext,
  source: Source,
  variables: Variables,
): Promise<Token | undefined> {
  const { recipe } = source;
  if (recipe.refresh.length === 0 || !variables.has("refresh_token")) return undefined;
  try {
    return await issue(context, source, variables, undefined, recipe.refresh);
  } catch (error) {
    // A refresh token may have ended too: then the principal signs in again.
    if (error instanceof SetupFailed && recipe.login.length > 0) return undefined;
    throw error;
  }
}

function wordsOf(recipe: PrincipalRecipe): string {
  const steps = [...recipe.register, ...recipe.login].map(
    ({ request }) => `${request.method} ${request.path}`,
  );
  return steps.length > 0 ? steps.join(" + ") : "the supplied token";
}
