import { isObject, type JsonObject } from "./load.ts";
import { resolveObject } from "./resolve.ts";

/** Names of the schemes whose credential travels as `Authorization: Bearer` (RFC 6750 §2.1). */
export function bearerSchemes(root: JsonObject): Set<string> {
  const components = isObject(root.components) ? root.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  const names = Object.keys(schemes).filter((name) => isBearer(resolveObject(root, schemes[name])));
  return new Set(names);
}

function isBearer(scheme: JsonObject | undefined): boolean {
  if (!scheme) return false;
  if (scheme.type === "http") return String(scheme.scheme).toLowerCase() === "bearer";
  // How documents without `http` schemes say it; whether the word Bearer is right shows when it is tried.
  if (scheme.type === "apiKey")
    return scheme.in === "header" && String(scheme.name).toLowerCase() === "authorization";
  return scheme.type === "oauth2" || scheme.type === "openIdConnect";
}

/** An operation's `security`, or the document's where it has none (OpenAPI 3.1 §4.8.10). */
export function effectiveSecurity(root: JsonObject, operation: JsonObject, schemes: ReadonlySet<string>) {
  const declared = Array.isArray(operation.security) ? operation.security : root.security;
  const alternatives = (Array.isArray(declared) ? declared : [])
    .filter(isObject)
    .map((one) => Object.keys(one));
  // A combination (bearer and an API key) needs a credential that a bearer token alone is not.
  const single = alternatives.filter((names) => names.length === 1).map((names) => names[0] as string);
  return {
    bearer: single.filter((name) => schemes.has(name)),
    open: alternatives.length === 0 || alternatives.some((names) => names.length === 0),
  };
}
