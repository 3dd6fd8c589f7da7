import { type Described, lastSegment } from "../facts/described.ts";
import { staticSegments, wordsOf } from "../facts/words.ts";
import type { LifecycleRule } from "./rule.ts";
import { givenToken, saidOf, takenToken } from "./tokens.ts";

const RENEWS = /\b(refresh|refreshes|renew|renewal|rotate|rotates|rotation|extend|replace)\b/;
const RENEWS_TOKEN = /\b(reset|regenerate|reissue|roll) (an? |the |app |access |oauth |api )*tokens?\b/;
const ENDS =
  /\b(log ?out|sign ?out|revoke|revocation|revokation|invalidate|blacklist|introspect|introspection)\b/;

/** Gives a token for an older one (RFC 6749 §6). */
export const refresh: LifecycleRule = {
  lifecycle: "refresh",
  evidence(one) {
    const { method } = one.operation;
    if (method === "GET" || method === "DELETE" || ENDS.test(saidOf(one))) return undefined;
    const said = saidOf(one);
    const own = refreshToken(one);
    const renews = RENEWS.test(said) || RENEWS_TOKEN.test(said);
    if (!own && !renews) return undefined;
    const gives = givenToken(one);
    const answers = gives ? [`answers with ${gives.pointer}`] : [];
    if (own && !takesOtherGrants(one) && (gives || (one.gives === undefined && RENEWS.test(said))))
      return [`takes ${own}`, ...(gives ? answers : ["is called a refresh"])];
    const older = takenToken(one);
    if (older && gives && renews) return [`takes ${older.pointer}`, ...answers];
    if (
      gives &&
      /\b(refresh|renew)\b.*\b(token|session|jwt|auth|authentication|login)|\b(token|session|jwt|auth|login)\b.*\b(refresh|renew)\b/.test(
        said,
      )
    )
      return [...answers, "is called a refresh"];
    if (gives && RENEWS_TOKEN.test(said) && /\{[^}]*token[^}]*\}/i.test(one.template))
      return [...answers, "renews the token that its path names"];
    if (gives && presentsRefreshToken(one)) return [...answers, "is called with a refresh token"];
    if (refreshesBlindly(one))
      return ["asks for a token", "is called a refresh, and its answer is not described"];
    // `PUT /api_key`, "Rotates the API key": its answer is the key.
    return RENEWS.test(said) && /\b(api|access) ?keys?\b/.test(said) && one.givesText
      ? ["answers with one text", "is called the renewal of a key"]
      : undefined;
  },
};

function refreshToken({ takes, parameters }: Described): string | undefined {
  const field = takes.find((one) => /^(refresh(token|jwt)?|rt)$/.test(one.plain) && one.depth <= 2);
  if (field) return field.pointer;
  const named = parameters.some((one) => /refresh.?token/i.test(one.name));
  return named ? "a parameter for a refresh token" : undefined;
}

/** `POST /auth/refresh` of a document that describes no answers, as those of NestJS often do. */
function refreshesBlindly(one: Described): boolean {
  const { operation, template, gives, takes } = one;
  if (operation.method !== "POST" || template.includes("{") || operation.open || gives !== undefined)
    return false;
  const segments = staticSegments(template).flatMap(wordsOf);
  return (
    /^(refresh|renew)$/.test(wordsOf(lastSegment(one))[0] ?? "") &&
    segments.some((word) => /^(auth|token|tokens|session|sessions|login|jwt|oauth)$/.test(word)) &&
    takes.every((field) => !field.required)
  );
}

/** The token that opens it is the refresh token: its scheme is called so, or its description says so. */
function presentsRefreshToken({ security, description, words }: Described): boolean {
  const bySchema = security.flat().some(({ scheme }) => /refresh/i.test(scheme));
  return RENEWS.test(words) && (bySchema || /\brefresh tokens?\b/.test(description));
}

/** A token endpoint that also gives tokens for what is none: it is a login first. */
function takesOtherGrants({ takes }: Described): boolean {
  const grant = takes.find((field) => field.plain === "granttype");
  if (!grant) return false;
  const { enum: values } = grant.schema;
  return !Array.isArray(values) || values.some((value) => !/refresh/i.test(String(value)));
}
