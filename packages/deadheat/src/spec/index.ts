import type { ObjectRecipe, PrincipalRecipe } from "../plan/credential.ts";
import type { Operation } from "../plan/operation.ts";
import type { Candidate, Plan } from "../plan/plan.ts";
import { planCredentials } from "./credentials.ts";
import { isObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { linksOf } from "./links.ts";
import { isCallable } from "./operations.ts";
import { refreshesByCookie } from "./refresh.ts";
import { rules } from "./rules/index.ts";
import type { SchemeFacts } from "./rules/rule.ts";
import { type HeaderScheme, headerSchemes } from "./security.ts";
import { needsOptIn } from "./side-effects.ts";
import { type Survey, survey } from "./survey.ts";

export { loadDocument, parseOpenApi } from "./document/load.ts";

export interface PlanOptions {
  /** Operations, by operationId or `METHOD /path`, that may be called although they may move money or send mail. */
  readonly optIn?: readonly string[];
  /** How the user says that objects are made. */
  readonly objects?: readonly ObjectRecipe[];
  /** How the user says that tokens are had and ended. */
  readonly principals?: readonly PrincipalRecipe[];
}

/** What may race, from the document alone. Sends nothing. */
export function planDocument(document: OpenApiDocument, options: PlanOptions = {}): Plan {
  const offer = offerOf(document, options);
  const { operations, callable, schemes } = offer;
  const candidates = callable.flatMap((operation) =>
    rules.flatMap((rule) => rule.candidates(operation, callable, options.objects ?? [], offer.facts)),
  );
  const { info, servers } = document.root;
  const server = Array.isArray(servers) && isObject(servers[0]) ? servers[0].url : undefined;
  return {
    title: isObject(info) && typeof info.title === "string" ? info.title : document.file,
    document: document.file,
    ...(typeof server === "string" && /^https?:/.test(server) ? { server } : {}),
    operations,
    credentials: planCredentials(callable, schemes),
    candidates,
    omitted: [...offer.omitted, ...byCookie(callable), ...outOfReach(callable, candidates)],
  };
}

/** What a scan may call, and what is known of it beside the document. */
export interface Offer {
  readonly operations: readonly Operation[];
  readonly callable: readonly Operation[];
  /** Operations that need an opt-in, and why. */
  readonly omitted: Plan["omitted"];
  readonly schemes: readonly HeaderScheme[];
  readonly facts: SchemeFacts;
}

export function offerOf(document: OpenApiDocument, options: PlanOptions = {}, known?: Survey): Offer {
  const { operations: surveyed } = known ?? survey(document);
  const operations = surveyed.map(({ operation }) => operation).filter(isCallable);
  const omitted = operations.flatMap((operation) => {
    const effect = operation.method === "GET" ? undefined : needsOptIn(operation);
    const allowed = [operation.id, `${operation.method} ${operation.path}`];
    const optedIn = allowed.some((name) => options.optIn?.includes(name));
    return effect && !optedIn ? [{ operation, reason: `${effect}: needs --opt-in "${operation.id}"` }] : [];
  });
  const left = new Set(omitted.map(({ operation }) => operation));
  const callable = operations.filter((one) => !left.has(one));
  const schemes = headerSchemes(document);
  const principals = options.principals ?? [];
  const facts = { revocable: revocable(principals, callable), ending: ending(principals, schemes) };
  return { operations, callable, omitted, schemes, facts };
}

/** Security schemes of whose principals each can have its token ended. */
function revocable(principals: readonly PrincipalRecipe[], operations: readonly Operation[]): Set<string> {
  const schemes = new Set(operations.flatMap(({ bearer }) => bearer));
  const serving = (scheme: string) =>
    principals.filter((one) => !one.setUpOnly && (one.schemes?.includes(scheme) ?? true));
  return new Set(
    [...schemes].filter((one) => {
      const mine = serving(one);
      return mine.length > 0 && mine.every(({ revoke }) => revoke.length > 0);
    }),
  );
}

/** Refresh tokens that browsers keep: said, so that silence is not read as judgement. */
function byCookie(operations: readonly Operation[]): Plan["omitted"] {
  return operations.filter(refreshesByCookie).map((operation) => ({
    operation,
    reason:
      "its refresh token seems to travel in a cookie, and cookies are not sent: refresh-reuse is not judged",
  }));
}

/** Security schemes whose tokens tell when they end, or of which the user's login says it. */
function ending(
  principals: readonly PrincipalRecipe[],
  schemes: readonly HeaderScheme[],
): Map<string, string> {
  const told = new Map<string, string>();
  for (const { name, jwt } of schemes) {
    const timed = principals.some(
      ({ login, schemes }) =>
        (schemes?.includes(name) ?? true) && login.some(({ extract }) => extract.expires_in !== undefined),
    );
    if (timed) told.set(name, "the configuration says how long its tokens live");
    else if (jwt) told.set(name, "its tokens are JSON Web Tokens, which tell when they end");
  }
  return told;
}

/** Operations that change state under a token and appear in no plan: said, so that silence is not read as judgement. */
function outOfReach(operations: readonly Operation[], candidates: readonly Candidate[]): Plan["omitted"] {
  const planned = new Set(candidates.map(({ act }) => act.operation.id));
  return operations
    .filter((one) => one.method !== "GET" && one.method !== "DELETE" && one.bearer.length > 0 && !one.open)
    .filter((one) => !planned.has(one.id) && !refreshesByCookie(one))
    .map((operation) => ({ operation, reason: whyOutOfReach(operation, operations) }));
}

/** Why an operation that changes state under a token is in no plan, in words. */
export function whyOutOfReach(operation: Operation, all: readonly Operation[]): string {
  if (operation.unfillable !== undefined)
    return `requires ${operation.unfillable}, for which the document shows no value`;
  if (linksOf(operation, all)) return "has no read beside it that could show its effect";
  return `names ${operation.pathParameters.map((one) => `{${one}}`).join(", ")}, which no operation of the document makes`;
}
