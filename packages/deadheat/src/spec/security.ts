import { isObject, type JsonObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";

/** A security scheme whose credential travels in a header. */
export interface HeaderScheme {
  readonly name: string;
  /** Lower case. */
  readonly header: string;
  /** Words that may stand before the token, likeliest first; `""` is none. */
  readonly keywords: readonly string[];
  /** `bearerFormat: JWT` (OpenAPI 3.1 §4.8.27). */
  readonly jwt?: true;
}

/** The schemes whose credential travels in a header: bearer tokens (RFC 6750 §2.1), DRF's tokens, API keys. */
export function headerSchemes(document: OpenApiDocument): HeaderScheme[] {
  const { root } = document;
  const components = isObject(root.components) ? root.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  return Object.keys(schemes).flatMap((name) => {
    const presentation = presentationOf(resolveObject(document, schemes[name]));
    return presentation ? [{ name, ...presentation }] : [];
  });
}

function presentationOf(scheme: JsonObject | undefined): Omit<HeaderScheme, "name"> | undefined {
  if (!scheme) return undefined;
  const bearer = { header: "authorization", keywords: ["Bearer"] };
  if (scheme.type === "http") {
    const word = String(scheme.scheme);
    // DRF's keyword is written as a scheme of its own by some generators.
    if (/^token$/i.test(word)) return { header: "authorization", keywords: ["Token"] };
    const jwt = /^jwt$/i.test(String(scheme.bearerFormat)) ? { jwt: true as const } : {};
    return word.toLowerCase() === "bearer" ? { ...bearer, ...jwt } : undefined;
  }
  if (scheme.type === "apiKey" && scheme.in === "header") {
    const header = String(scheme.name).toLowerCase();
    if (header !== "authorization") return { header, keywords: [""] };
    return { header, keywords: keywordsIn(String(scheme.description ?? "")) };
  }
  return scheme.type === "oauth2" || scheme.type === "openIdConnect" ? bearer : undefined;
}

/** drf-spectacular: `Token-based authentication with required prefix "Token"`. Otherwise all are tried. */
function keywordsIn(description: string): string[] {
  const usual = ["Bearer", "Token", "JWT", ""];
  const named = /prefix[^"'`A-Za-z]*["'`](\w+)["'`]/i.exec(description)?.[1];
  const mentioned = usual.find((word) => word !== "" && new RegExp(`\\b${word}\\b`).test(description));
  const first = named ?? mentioned;
  return first === undefined ? usual : [first, ...usual.filter((word) => word !== first)];
}

/** An operation's `security`, or the document's where it has none (OpenAPI 3.1 §4.8.10). */
export function effectiveSecurity(
  document: OpenApiDocument,
  operation: JsonObject,
  schemes: ReadonlySet<string>,
) {
  const alternatives = alternativesOf(document, operation);
  // A combination (bearer and an API key) needs a credential that a bearer token alone is not.
  const single = alternatives.filter((names) => names.length === 1).map((names) => names[0] as string);
  return {
    // One scheme may stand in several alternatives, with other scopes each.
    bearer: [...new Set(single)].filter((name) => schemes.has(name)),
    open: alternatives.length === 0 || alternatives.some((names) => names.length === 0),
    ...(Array.isArray(operation.security) ? {} : { inherits: true as const }),
  };
}

/** Names of the cookies that an operation's `security` asks for. */
export function securityCookies(document: OpenApiDocument, operation: JsonObject): string[] {
  const { root } = document;
  const components = isObject(root.components) ? root.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  return alternativesOf(document, operation)
    .flat()
    .flatMap((name) => {
      const scheme = Object.hasOwn(schemes, name) ? resolveObject(document, schemes[name]) : undefined;
      return scheme?.type === "apiKey" && scheme.in === "cookie" ? [String(scheme.name)] : [];
    });
}

function alternativesOf({ root }: OpenApiDocument, operation: JsonObject): string[][] {
  const declared = Array.isArray(operation.security) ? operation.security : root.security;
  return (Array.isArray(declared) ? declared : [])
    .filter(isObject)
    .map((one) => Object.keys(one).map(declaredName));
}

const BY_REFERENCE = /^#\/components\/securitySchemes\/([^/]+)$/;

/** OpenAPI 3.2 lets a requirement name its scheme by a reference as well (§4.30). */
export function declaredName(name: string): string {
  return BY_REFERENCE.exec(name)?.[1]?.replaceAll("~1", "/").replaceAll("~0", "~") ?? name;
}
