import { lastName, namesLifetime } from "../../plan/names.ts";
import type { Operation } from "../../plan/operation.ts";
import { operationName } from "../../plan/operation.ts";
import type { CredentialPlan } from "../../plan/plan.ts";
import { refreshTokenIn, tokenTexts } from "../answered-tokens.ts";
import { compose } from "../compose.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import { getAt } from "../pointer.ts";
import { removalsOfPrincipal } from "../removal.ts";
import { type Presentation, present, type Token } from "../token.ts";
import { type CredentialContext, type Credentials, type Principal, SetupFailed } from "./credentials.ts";
import { lifetimeAt } from "./lifetime.ts";
import { discriminatingProbe, presentationOf } from "./probe.ts";
import { loginSources, registrationValues } from "./registration.ts";

/** Where an answer holds a token, and how it is sent. */
interface TokenPlace {
  readonly pointer: string;
  readonly presentation: Presentation;
}

interface Recipe {
  readonly registration: Operation;
  readonly registrationToken?: TokenPlace;
  readonly login?: Login;
  /** Signing in again gives another token. */
  readonly several: boolean;
}

/** How a registration's values sign in, and where the answer holds the token. */
interface Login extends TokenPlace {
  readonly operation: Operation;
  /** Place in the login's body → place in the registration's. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Finds out by calling them which open operations make a principal and its tokens. */
export async function learnCredentials(
  context: CredentialContext,
  plan: CredentialPlan,
): Promise<Credentials | { readonly reason: string }> {
  if (plan.registrations.length === 0)
    return { reason: "the document shows no open operation that takes a password" };
  const probe = await discriminatingProbe(context.session, plan);
  if (!probe) return { reason: "no protected read tells a good token from a bad one" };
  const tried: string[] = [];
  for (const registration of plan.registrations) {
    const recipe = await tryRegistration(context, plan, probe, registration);
    if ("recipe" in recipe) return { ...fromRecipe(context, plan, recipe.recipe), probe };
    tried.push(recipe.reason);
  }
  return { reason: tried.join("; ") };
}

async function tryRegistration(
  context: CredentialContext,
  plan: CredentialPlan,
  probe: Operation,
  registration: Operation,
): Promise<{ recipe: Recipe } | { reason: string }> {
  const values = registrationValues(context, registration);
  const made = await context.session.sendPatiently(compose(registration, { values }));
  if (!succeeded(made)) return { reason: `${registration.id} answered ${made.status ?? made.failure}` };
  const registrationToken = await tokenIn(context, plan, probe, made);
  let login: Login | undefined;
  for (const operation of plan.logins.filter((one) => one !== registration)) {
    login = await tryLogin(context, plan, probe, operation, registration, values);
    if (login) break;
  }
  const principal = principalFrom(context, { registration, ...optional("login", login) }, values, made);
  const first = registrationToken ? tokenAt(made, registrationToken) : await principal.login?.();
  note(context, plan, registration, { ...principal, ...optional("token", first) }, made);
  if (!login && registrationToken === undefined)
    return { reason: `${registration.id} succeeded, but no token was found` };
  const second = await principal.login?.();
  return {
    recipe: {
      registration,
      // DRF's authtoken gives whoever signs in again the token that there is.
      several: second !== undefined && second.value !== first?.value,
      ...optional("login", login),
      ...optional("registrationToken", registrationToken),
    },
  };
}

async function tryLogin(
  context: CredentialContext,
  plan: CredentialPlan,
  probe: Operation,
  operation: Operation,
  registration: Operation,
  values: Readonly<Record<string, unknown>>,
): Promise<Login | undefined> {
  for (const sources of loginSources(operation, registration, values)) {
    const answer = await context.session.sendPatiently(
      compose(operation, { values: taken(sources, values) }),
    );
    const place = succeeded(answer) ? await tokenIn(context, plan, probe, answer) : undefined;
    if (place !== undefined) return { operation, ...place, sources };
  }
  return undefined;
}

function taken(sources: Readonly<Record<string, string>>, values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(sources).map(([place, source]) => [place, values[source]]));
}

function fromRecipe(context: CredentialContext, plan: CredentialPlan, recipe: Recipe): Credentials {
  const { registration, registrationToken, login, several } = recipe;
  const presentation = (login ?? registrationToken)?.presentation as Presentation;
  return {
    fresh: true,
    renewable: true,
    secondToken: several,
    users: Number.POSITIVE_INFINITY,
    via: [registration, ...(login ? [login.operation] : [])].map(operationName).join(" + "),
    present: (value) => present(value, presentation),
    async mint() {
      const values = registrationValues(context, registration);
      const made = await context.session.sendPatiently(compose(registration, { values }));
      if (!succeeded(made))
        throw new SetupFailed(`${registration.id} answered ${made.status ?? made.failure}`);
      const principal = principalFrom(context, recipe, values, made);
      const token = (registrationToken && tokenAt(made, registrationToken)) ?? (await principal.login?.());
      note(context, plan, registration, { ...principal, ...optional("token", token) }, made);
      if (token === undefined)
        throw new SetupFailed(`${login?.operation.id ?? registration.id} gave no token`);
      context.renewals.keep(token, async () => principal.login?.());
      return { ...principal, token };
    },
  };
}

function principalFrom(
  context: CredentialContext,
  { registration, login }: Pick<Recipe, "registration" | "login">,
  values: Readonly<Record<string, unknown>>,
  made: Exchange,
): Omit<Principal, "token"> {
  const answers = new Map([[registration.id, made.body]]);
  const registered = namesIn(registration, values);
  if (!login) return { answers, registered };
  const { operation, sources } = login;
  const signIn = async (): Promise<Token | undefined> => {
    const request = compose(operation, { values: taken(sources, values) });
    const token = tokenAt(await context.session.sendPatiently(request), login);
    if (token) context.renewals.keep(token, signIn);
    return token;
  };
  const secrets = (operation.body?.slots ?? []).filter((slot) => slot.secret && slot.pointer in sources);
  const signInWith = async (password: string): Promise<Token | undefined> => {
    const changed = Object.fromEntries(secrets.map(({ pointer }) => [pointer, password]));
    const request = compose(operation, { values: { ...taken(sources, values), ...changed } });
    const answer = await context.session.send(request);
    const token = tokenAt(answer, login);
    if (token || refused(answer)) return token;
    throw new SetupFailed(`${operation.id} answered ${answer.status ?? answer.failure}`);
  };
  const endsSoon = async (seconds: number) => {
    const chosen = lifetimeSlots(operation).map((slot) => [
      slot.pointer,
      Math.max(seconds, slot.minimum ?? 0),
    ]);
    const filling = { values: { ...taken(sources, values), ...Object.fromEntries(chosen) } };
    const answer = await context.session.sendPatiently(compose(operation, filling));
    const token = tokenAt(answer, login);
    if (!token || token.expires !== undefined || chosen.length === 0) return token;
    return { ...token, expires: (answer.return ?? answer.invoke) + Number(chosen[0]?.[1]) * 1000 };
  };
  return {
    answers,
    registered,
    login: signIn,
    brief: (seconds: number) => context.renewals.leave(() => endsSoon(seconds)),
    ...(secrets.length === 1 ? { signInWith } : {}),
  };
}

/** Places of a login where its caller says how long the token shall live, in seconds. */
function lifetimeSlots({ body }: Operation) {
  return (body?.slots ?? []).filter((slot) => slot.type === "integer" && namesLifetime(slot.pointer));
}

function namesIn(registration: Operation, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = (registration.body?.slots ?? []).flatMap(({ pointer, secret }) => {
    const value = values[pointer];
    return secret || typeof value !== "string" ? [] : [[lastName(pointer), value] as const];
  });
  return Object.fromEntries(names);
}

/** What was registered is taken away again, where the document shows how. */
function note(
  context: CredentialContext,
  plan: CredentialPlan,
  registration: Operation,
  principal: Omit<Principal, "token"> & { token?: Token },
  made: Exchange,
): void {
  const removals = removalsOfPrincipal(plan, principal, made);
  context.inventory.add({
    by: operationName(registration),
    ...optional("removals", removals),
    principal: true,
  });
}

/** Where in an answer a working token is: each string that could be one is tried on a protected read. */
async function tokenIn(
  context: CredentialContext,
  plan: CredentialPlan,
  probe: Operation,
  answer: Exchange,
): Promise<TokenPlace | undefined> {
  const presentations = plan.keywords.map((keyword) => ({ header: plan.header, keyword }));
  for (const { pointer, value } of tokenTexts(answer.body)) {
    const presentation = await presentationOf(context.session, probe, value, presentations);
    if (presentation) return { pointer, presentation };
  }
  return undefined;
}

function tokenAt(answer: Exchange, { pointer, presentation }: TokenPlace): Token | undefined {
  const value = succeeded(answer) ? getAt(answer.body, pointer) : undefined;
  if (typeof value !== "string") return undefined;
  const issued = refreshTokenIn(answer.body, pointer);
  const life = lifetimeAt(answer, pointer);
  return {
    ...present(value, presentation),
    asked: answer.invoke,
    ...(issued ? { refresh: issued.value } : {}),
    ...(life === undefined ? {} : { expires: (answer.return ?? answer.invoke) + life }),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
