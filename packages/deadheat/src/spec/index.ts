import type { ObjectRecipe } from "../plan/credential.ts";
import type { Operation } from "../plan/operation.ts";
import type { Candidate, Plan } from "../plan/plan.ts";
import { planCredentials } from "./credentials.ts";
import { linksOf } from "./links.ts";
import { isObject, type OpenApiDocument } from "./load.ts";
import { collectOperations } from "./operations.ts";
import { rules } from "./rules/index.ts";
import { headerSchemes } from "./security.ts";
import { needsOptIn } from "./side-effects.ts";

export { loadDocument, parseOpenApi } from "./load.ts";

export interface PlanOptions {
  /** Operations, by operationId or `METHOD /path`, that may be called although they may move money or send mail. */
  readonly optIn?: readonly string[];
  /** How the user says that objects are made. */
  readonly objects?: readonly ObjectRecipe[];
}

/** What may race, from the document alone. Sends nothing. */
export function planDocument(document: OpenApiDocument, options: PlanOptions = {}): Plan {
  const operations = collectOperations(document);
  const omitted = operations.flatMap((operation) => {
    const effect = operation.method === "GET" ? undefined : needsOptIn(operation);
    const allowed = [operation.id, `${operation.method} ${operation.path}`];
    const optedIn = allowed.some((name) => options.optIn?.includes(name));
    return effect && !optedIn ? [{ operation, reason: `${effect}: needs --opt-in "${operation.id}"` }] : [];
  });
  const callable = operations.filter((one) => !omitted.some(({ operation }) => operation === one));
  const candidates = callable.flatMap((operation) =>
    rules.flatMap((rule) => rule.candidates(operation, callable, options.objects ?? [])),
  );
  const { info, servers } = document.root;
  const server = Array.isArray(servers) && isObject(servers[0]) ? servers[0].url : undefined;
  return {
    title: isObject(info) && typeof info.title === "string" ? info.title : document.file,
    document: document.file,
    ...(typeof server === "string" && /^https?:/.test(server) ? { server } : {}),
    operations,
    credentials: planCredentials(callable, headerSchemes(document.root)),
    candidates,
    omitted: [...omitted, ...outOfReach(callable, candidates)],
  };
}

/** Operations that change state under a token and appear in no plan: said, so that silence is not read as judgement. */
function outOfReach(operations: readonly Operation[], candidates: readonly Candidate[]): Plan["omitted"] {
  const planned = new Set(candidates.map(({ act }) => act.operation.id));
  return operations
    .filter((one) => one.method !== "GET" && one.method !== "DELETE" && one.bearer.length > 0 && !one.open)
    .filter((one) => !planned.has(one.id))
    .map((operation) => ({ operation, reason: whyOutOfReach(operation, operations) }));
}

function whyOutOfReach(operation: Operation, all: readonly Operation[]): string {
  if (operation.unfillable !== undefined)
    return `requires ${operation.unfillable}, for which the document shows no value`;
  if (linksOf(operation, all)) return "has no read beside it that could show its effect";
  return `names ${operation.pathParameters.map((one) => `{${one}}`).join(", ")}, which no operation of the document makes`;
}
