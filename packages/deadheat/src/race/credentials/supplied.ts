import { DeadheatError } from "../../errors.ts";
import type { PrincipalRecipe } from "../../plan/credential.ts";
import type { Operation } from "../../plan/operation.ts";
import type { CredentialPlan } from "../../plan/plan.ts";
import { fillText, variablesIn } from "../../plan/template.ts";
import { type Exchange, refused } from "../exchange.ts";
import { RecipeFailed, type Variables } from "../recipe.ts";
import { removalsOfPrincipal } from "../removal.ts";
import { type Presentation, present, type Token } from "../token.ts";
import type { Credentials, Principal } from "./credentials.ts";
import { Holder } from "./holder.ts";
import { type Issued, issue, livesOnRefresh, presented, type RecipeContext, variablesOf } from "./issue.ts";
import { knownOf, revokedBy } from "./known.ts";
import { accepts, discriminatingProbe, presentationOf, probeByToken } from "./probe.ts";

export interface SuppliedContext extends RecipeContext {
  /** One for each recipe of a principal that exists, shared by all schemes of a scan. */
  readonly holders: Map<PrincipalRecipe, Holder>;
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
  context: SuppliedContext,
  plan: CredentialPlan,
  recipes: readonly PrincipalRecipe[],
): Promise<Supplied | undefined> {
  const serving = recipes.filter((one) => !one.schemes || one.schemes.includes(plan.scheme));
  if (serving.length === 0) return undefined;
  const probe = await discriminatingProbe(context.session, plan, await headersOf(context, serving[0]));
  const sources: Source[] = [];
  const rejected: DeadheatError[] = [];
  for (const recipe of serving) {
    const source = await tryRecipe(context, plan, probe, recipe);
    if (source instanceof DeadheatError) rejected.push(source);
    else sources.push(source);
  }
  const accepted = sources.map(({ recipe }) => recipe.name);
  const making = sources.find(({ recipe }) => recipe.register.length > 0);
  if (making) return { credentials: registered(context, plan, making), accepted, rejected };
  if (sources.length === 0) return { accepted, rejected };
  return { credentials: existing(context, sources), accepted, rejected };
}

/** Has a token by the recipe, and finds how it is sent and whether it works. */
async function tryRecipe(
  context: SuppliedContext,
  plan: CredentialPlan,
  sure: Operation | undefined,
  recipe: PrincipalRecipe,
): Promise<Source | DeadheatError> {
  const header = recipe.header ?? plan.header;
  const keywords = recipe.keyword === undefined ? plan.keywords : [recipe.keyword];
  const presentations = keywords.map((keyword) => ({ header, keyword }));
  const [first = { header, keyword: "Bearer" }] = presentations;
  const { issued, variables } = await firstToken(context, plan, recipe, first);
  const probe =
    sure ?? (await probeByToken(context.session, plan, issued.value, presentations, issued.headers));
  const presentation = probe
    ? await presentationOf(context.session, probe, issued.value, presentations, issued.headers)
    : first;
  if (!presentation)
    return new DeadheatError(
      "token-rejected",
      `the API rejects the token of ${recipe.name} (asked with ${probe?.method} ${probe?.path})`,
      "Get a new token of a user made for testing, and look at header and keyword: how it is sent.",
    );
  await assertIdentity(context, recipe, presented(issued, presentation), variables);
  return { recipe, presentation, probe };
}

async function firstToken(
  context: SuppliedContext,
  plan: CredentialPlan,
  recipe: PrincipalRecipe,
  presentation: Presentation,
): Promise<{ readonly issued: Issued; readonly variables: Variables }> {
  if (recipe.register.length > 0) return register(context, plan, recipe, presentation);
  const holder = holderOf(context, recipe);
  return { issued: await holder.current(), variables: await holder.variables() };
}

/** Headers that every request needs: without them a good token may be refused, and a bad one not for its sake. */
async function headersOf(context: SuppliedContext, recipe: PrincipalRecipe | undefined) {
  if (!recipe || Object.keys(recipe.headers).length === 0 || recipe.register.length > 0) return {};
  return (await holderOf(context, recipe).current()).headers;
}

function holderOf(context: SuppliedContext, recipe: PrincipalRecipe): Holder {
  const holder = context.holders.get(recipe) ?? new Holder(context, recipe);
  context.holders.set(recipe, holder);
  return holder;
}

/** Throws DeadheatError where the token is somebody else's than the recipe says. */
export async function assertIdentity(
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

/** Makes a principal and its first token, to be taken away again where the document shows how. */
async function register(
  context: RecipeContext,
  plan: CredentialPlan,
  recipe: PrincipalRecipe,
  presentation: Presentation,
) {
  const variables = await variablesOf(context, recipe);
  const login = loginOf(context, { recipe, presentation }, variables);
  let issued: Issued | undefined;
  let made: Exchange | undefined;
  try {
    made = await context.recipes.run(recipe.register, variables);
    issued = await issue(context, recipe, recipe.login, variables);
    return { issued, variables, made, ...login };
  } finally {
    const token = issued && { token: presented(issued, presentation) };
    const [first] = recipe.register;
    const removals = made && removalsOfPrincipal(plan, { ...token, ...login }, made);
    // Where the first of several steps failed nothing was made; where a later one did, something may have been.
    if (made || recipe.register.length > 1)
      context.inventory.add({
        by: `${first?.request.method} ${first?.request.path}`,
        ...(removals ? { removals } : {}),
        principal: true,
      });
  }
}

/** A new principal each time. */
function registered(context: RecipeContext, plan: CredentialPlan, source: Source): Credentials {
  const { recipe, presentation } = source;
  return {
    fresh: true,
    renewable: true,
    secondToken: recipe.login.length > 0,
    users: Number.POSITIVE_INFINITY,
    ...revokedBy([recipe]),
    via: `${recipe.name}: ${wordsOf(recipe)}`,
    present: (value) => present(value, presentation),
    ...(source.probe ? { probe: source.probe } : {}),
    async mint() {
      const { issued, variables, login, brief, signInWith } = await register(
        context,
        plan,
        recipe,
        presentation,
      );
      const token = presented(issued, presentation);
      context.renewals.keep(token, async () => login?.());
      return {
        token,
        answers: new Map(),
        ...knownOf(context, recipe, variables),
        ...(login ? { login } : {}),
        ...(brief ? { brief } : {}),
        ...(signInWith ? { signInWith } : {}),
      };
    },
  };
}

function loginOf(
  context: RecipeContext,
  { recipe, presentation }: Pick<Source, "recipe" | "presentation">,
  variables: Variables,
): Pick<Principal, "login" | "brief" | "signInWith"> {
  if (recipe.login.length === 0) return {};
  const takesPassword = variablesIn(recipe.login).includes("password");
  const signInWith = async (password: string): Promise<Token | undefined> => {
    const known = new Map([...variables, ["password", password]]);
    try {
      return presented(await issue(context, recipe, recipe.login, known), presentation);
    } catch (error) {
      if (error instanceof RecipeFailed && error.answer && refused(error.answer)) return undefined;
      throw error;
    }
  };
  const another = async () =>
    presented(await issue(context, recipe, recipe.login, new Map(variables)), presentation);
  const brief = () => context.renewals.leave(another);
  const login = async (): Promise<Token> => {
    const token = await another();
    context.renewals.keep(token, login);
    return token;
  };
  return { login, brief, ...(takesPassword ? { signInWith } : {}) };
}

/** The same principals each time, under a token that works. */
function existing(context: SuppliedContext, sources: readonly Source[]): Credentials {
  const minters = sources.map((source) => minterOf(context, source));
  const [first] = sources as [Source];
  const every = (test: (recipe: PrincipalRecipe) => boolean) => sources.every(({ recipe }) => test(recipe));
  return {
    fresh: false,
    renewable: every((recipe) => recipe.login.length > 0 && !livesOnRefresh(recipe)),
    secondToken: every((recipe) => recipe.login.length > 0 || recipe.tokens.length > 1),
    users: sources.length,
    ...revokedBy(sources.map(({ recipe }) => recipe)),
    via: sources.map(({ recipe }) => `${recipe.name}: ${wordsOf(recipe)}`).join(", "),
    present: (value) => present(value, first.presentation),
    ...(first.probe ? { probe: first.probe } : {}),
    mint: (user = 0) => (minters[user % minters.length] as () => Promise<Principal>)(),
  };
}

function minterOf(context: SuppliedContext, { recipe, presentation, probe }: Source) {
  const holder = holderOf(context, recipe);
  const works = async (issued: Issued) =>
    probe === undefined || accepts(context.session, probe, presented(issued, presentation));
  const current = async () => presented(await holder.current(), presentation);
  const another = async () => presented(await holder.another(), presentation);
  const login = async (): Promise<Token> => {
    const token = await another();
    context.renewals.keep(token, login);
    return token;
  };
  const brief = recipe.login.length > 0 ? { brief: () => context.renewals.leave(another) } : {};
  const several = recipe.login.length > 0 || recipe.tokens.length > 1;
  return async (): Promise<Principal> => {
    const token = presented(await holder.current(works), presentation);
    context.renewals.keep(token, current);
    const known = knownOf(context, recipe, await holder.variables());
    return { token, answers: new Map(), ...known, ...(several ? { login } : {}), ...brief };
  };
}

function wordsOf(recipe: PrincipalRecipe): string {
  const steps = [...recipe.register, ...recipe.login].map(
    ({ request }) => `${request.method} ${request.path}`,
  );
  return steps.length > 0 ? steps.join(" + ") : "the supplied token";
}
