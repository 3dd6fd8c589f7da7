import type { Plan } from "../plan/plan.ts";
import { planCredentials } from "./credentials.ts";
import { isObject, type OpenApiDocument } from "./load.ts";
import { collectOperations } from "./operations.ts";
import { rules } from "./rules/index.ts";
import { needsOptIn } from "./side-effects.ts";

export { loadDocument, parseOpenApi } from "./load.ts";

export interface PlanOptions {
  /** Operations, by operationId or `METHOD /path`, that may be called although they may move money or send mail. */
  readonly optIn?: readonly string[];
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
  const { info, servers } = document.root;
  const server = Array.isArray(servers) && isObject(servers[0]) ? servers[0].url : undefined;
  return {
    title: isObject(info) && typeof info.title === "string" ? info.title : document.file,
    document: document.file,
    ...(typeof server === "string" && /^https?:/.test(server) ? { server } : {}),
    operations,
    credentials: planCredentials(callable),
    candidates: callable.flatMap((operation) =>
      rules.flatMap((rule) => rule.candidates(operation, callable)),
    ),
    omitted,
  };
}
