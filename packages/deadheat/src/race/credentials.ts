import { DeadheatError } from "../errors.ts";
import type { Operation } from "../plan/operation.ts";
import type { CredentialPlan } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import { type Exchange, succeeded } from "./exchange.ts";
import { getAt, scalars } from "./pointer.ts";
import { loginSources, registrationValues } from "./registration.ts";
import type { Session } from "./session.ts";

/** Who a token speaks for. */
export interface Principal {
  readonly token: string;
  /** Another token of the same principal, unaffected by what happens to the first; absent where none can be had. */
  login?(): Promise<string | undefined>;
  /** What the API answered when the principal was made, by operation id. */
  readonly answers: ReadonlyMap<string, unknown>;
}

/** A source of principals under one bearer scheme. */
export interface Credentials {
  /** A principal that no earlier trial used; the same one where a token was supplied. */
  mint(): Promise<Principal>;
  /** Every `mint` gives a new principal, made by the scan. */
  readonly fresh: boolean;
  /** A second token of one principal can be had. */
  readonly secondToken: boolean;
  /** Operations called to mint, in words. */
  readonly via: string;
}

export interface CredentialContext {
  readonly session: Session;
  unique(): string;
  uuid(): string;
}

interface Recipe {
  readonly registration: Operation;
  readonly registrationToken?: string;
  readonly login?: Login;
}

/** How a registration's values sign in, and where the answer holds the token. */
interface Login {
  readonly operation: Operation;
  readonly pointer: string;
  /** Place in the login's body → place in the registration's. */
  readonly sources: Readonly<Record<string, string>>;
}

const GARBAGE = "deadheat-not-a-token";

/** RFC 6750 §2.1: b68token. Anything else cannot be sent in a header. */
export function assertTokenSyntax(token: string, source: string): void {
  if (/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) return;
  throw new DeadheatError(
    "token-invalid",
    `${source} does not hold a bearer token (RFC 6750 §2.1 allows letters, digits and -._~+/=)`,
    "Check for quotes, line breaks or the word Bearer in it.",
  );
}

/** Uses a token that the user supplied. Throws DeadheatError where every probe rejects it. */
export async function suppliedCredentials(
  context: CredentialContext,
  plan: CredentialPlan,
  token: string,
): Promise<Credentials | undefined> {
  const probe = await discriminatingProbe(context, plan);
  if (!probe || !(await accepts(context, probe, token))) return undefined;
  const principal: Principal = { token, answers: new Map() };
  return { mint: async () => principal, fresh: false, secondToken: false, via: "the supplied token" };
}

/** Finds out by calling them which open operations make a principal and its tokens. */
export async function learnCredentials(
  context: CredentialContext,
  plan: CredentialPlan,
): Promise<Credentials | { readonly reason: string }> {
  if (plan.registrations.length === 0)
    return { reason: "the document shows no open operation that takes a password" };
  const probe = await discriminatingProbe(context, plan);
  if (!probe) return { reason: "no protected read tells a good token from a bad one" };
  const tried: string[] = [];
  for (const registration of plan.registrations) {
    const recipe = await tryRegistration(context, plan, probe, registration);
    if ("recipe" in recipe) return fromRecipe(context, recipe.recipe);
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
  const made = await context.session.send(compose(registration, { values }));
  if (!succeeded(made)) return { reason: `${registration.id} answered ${made.status ?? made.failure}` };
  const registrationToken = await tokenIn(context, probe, made);
  for (const operation of plan.logins.filter((one) => one !== registration)) {
    const login = await tryLogin(context, probe, operation, registration, values);
    if (login)
      return { recipe: { registration, login, ...optional("registrationToken", registrationToken) } };
  }
  if (registrationToken === undefined)
    return { reason: `${registration.id} succeeded, but no token was found` };
  return { recipe: { registration, registrationToken } };
}

async function tryLogin(
  context: CredentialContext,
  probe: Operation,
  operation: Operation,
  registration: Operation,
  values: Readonly<Record<string, unknown>>,
): Promise<Login | undefined> {
  for (const sources of loginSources(operation, registration, values)) {
    const answer = await context.session.send(compose(operation, { values: taken(sources, values) }));
    const pointer = succeeded(answer) ? await tokenIn(context, probe, answer) : undefined;
    if (pointer !== undefined) return { operation, pointer, sources };
  }
  return undefined;
}

function taken(sources: Readonly<Record<string, string>>, values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(sources).map(([place, source]) => [place, values[source]]));
}

function fromRecipe(context: CredentialContext, recipe: Recipe): Credentials {
  const { registration, registrationToken, login } = recipe;
  return {
    fresh: true,
    secondToken: login !== undefined,
    via: [registration, ...(login ? [login.operation] : [])]
      .map((one) => `${one.method} ${one.path}`)
      .join(" + "),
    async mint() {
      const values = registrationValues(context, registration);
      const made = await context.session.send(compose(registration, { values }));
      if (!succeeded(made))
        throw new SetupFailed(`${registration.id} answered ${made.status ?? made.failure}`);
      const mintToken = async () => {
        if (!login) return undefined;
        const { operation, pointer, sources } = login;
        const answer = await context.session.send(compose(operation, { values: taken(sources, values) }));
        return tokenAt(answer, pointer);
      };
      const token = (registrationToken && tokenAt(made, registrationToken)) || (await mintToken());
      if (token === undefined)
        throw new SetupFailed(`${login?.operation.id ?? registration.id} gave no token`);
      return { token, login: mintToken, answers: new Map([[registration.id, made.body]]) };
    },
  };
}

/** A set-up call did not do what it did before: nothing can be concluded from the trial. */
export class SetupFailed extends Error {}

/** Where in an answer a working token is: each string that could be one is tried on a protected read. */
async function tokenIn(
  context: CredentialContext,
  probe: Operation,
  answer: Exchange,
): Promise<string | undefined> {
  const candidates = scalars(answer.body)
    .filter((one) => typeof one.value === "string" && /^[A-Za-z0-9\-._~+/]{8,}=*$/.test(one.value))
    .sort((a, b) => Number(/token|jwt|key/i.test(b.pointer)) - Number(/token|jwt|key/i.test(a.pointer)))
    .slice(0, 6);
  for (const { pointer, value } of candidates)
    if (await accepts(context, probe, String(value))) return pointer;
  return undefined;
}

function tokenAt(answer: Exchange, pointer: string): string | undefined {
  const value = succeeded(answer) ? getAt(answer.body, pointer) : undefined;
  return typeof value === "string" ? value : undefined;
}

async function discriminatingProbe(
  context: CredentialContext,
  plan: CredentialPlan,
): Promise<Operation | undefined> {
  for (const probe of plan.probes) {
    const answer = await context.session.send(probing(probe, GARBAGE));
    if (answer.status === 401 || answer.status === 403) return probe;
  }
  return undefined;
}

async function accepts(context: CredentialContext, probe: Operation, token: string): Promise<boolean> {
  const answer = await context.session.send(probing(probe, token));
  // "No such object" is said to those who were let in.
  if (probe.pathParameters.length > 0) return [200, 400, 404, 422].includes(answer.status ?? 0);
  return succeeded(answer);
}

function probing(probe: Operation, token: string) {
  return compose(probe, {
    token,
    bindings: Object.fromEntries(probe.pathParameters.map((one) => [one, "0"])),
  });
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
