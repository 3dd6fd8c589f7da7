import type { SecurityRequirement } from "../plan/analysis.ts";
import { isObject, type Json, type JsonObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";
import { declaredName } from "./security.ts";

/**
 * What an operation asks for: alternatives, of each of which all parts are needed; empty where it is open to all. An
 * alternative without parts (`{}`) says that a credential may be left out. Its own `security` goes before the
 * document's (OpenAPI 3.1 §4.8.10).
 */
export function requirementsOf(document: OpenApiDocument, operation: JsonObject): SecurityRequirement[][] {
  const { root } = document;
  const declared = Array.isArray(operation.security) ? operation.security : root.security;
  return (Array.isArray(declared) ? declared : []).filter(isObject).map((alternative) =>
    Object.entries(alternative).map(([name, scopes]) => ({
      scheme: declaredName(name),
      ...presented(schemeNamed(document, declaredName(name))),
      scopes: Array.isArray(scopes) ? scopes.filter((one): one is string => typeof one === "string") : [],
    })),
  );
}

/** The declaration of a security scheme; `undefined` where there is none. */
export function schemeNamed(document: OpenApiDocument, name: string): JsonObject | undefined {
  const components = isObject(document.root.components) ? document.root.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  return Object.hasOwn(schemes, name) ? resolveObject(document, schemes[name] as Json) : undefined;
}

function presented(scheme: JsonObject | undefined): Pick<SecurityRequirement, "kind" | "place"> {
  switch (scheme?.type) {
    case "http": {
      const word = String(scheme.scheme).toLowerCase();
      const kind = word === "bearer" || word === "basic" ? word : "http";
      return { kind, place: "header authorization" };
    }
    case "apiKey":
      return { kind: "apiKey", place: `${String(scheme.in)} ${String(scheme.name)}` };
    case "oauth2":
    case "openIdConnect":
      return { kind: scheme.type, place: "header authorization" };
    case "mutualTLS":
      return { kind: "mutualTLS" };
    default:
      return { kind: "unknown" };
  }
}
