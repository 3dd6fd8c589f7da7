import { type Described, lastSegment } from "../facts/described.ts";
import { nounOf, staticSegments, wordsOf } from "../facts/words.ts";
import type { LifecycleRule } from "./rule.ts";
import { isAboutTokens, saidOf, takenToken } from "./tokens.ts";

const LOGOUT = /\b(log ?out|sign ?out|log ?off|sign ?off)\b/;
const REVOKES =
  /\b(revoke|revokes|revocation|revokation|invalidate|expire|kill|terminate|end|destroy|delete|remove|log ?out)\b/;
const OF_TOKENS = /\b(tokens?|jwts?|sessions?|credentials?|authorizations?|grants?|oauth2?|auth|log ?ins?)\b/;
const OF_OTHERS =
  /\b(device|push|csrf|invite|invitation|webhook|registration|card|payment|certificate|role|permission|share|license)s?\b/;
/** Whose sessions they are that let somebody in. */
const PERSON =
  /^(account|user|me|self|profile|auth|authentication|member|customer|admin|identity|login|sso|security)$/;

/** Ends tokens or sessions (RFC 7009). */
export const revoke: LifecycleRule = {
  lifecycle: "revoke",
  evidence(one) {
    const { method } = one.operation;
    const said = saidOf(one);
    if (method === "PATCH" || (method === "GET" && !LOGOUT.test(said))) return undefined;
    if (LOGOUT.test(said) && isLogout(one) && !/\bdevices?\b/.test(said))
      return ["is called a logout", `is a ${method} that needs no object`];
    if (method === "GET" || OF_OTHERS.test(said)) return undefined;
    const token = takenToken(one);
    if (token && REVOKES.test(said) && OF_TOKENS.test(said))
      return [`takes ${token.pointer}`, "is called after the end of it"];
    if (/\b(revoke|revocation|revokation|invalidate)\b/.test(said) && OF_TOKENS.test(said))
      return ["is called a revocation", `of ${OF_TOKENS.exec(said)?.[0]}`];
    if (method !== "DELETE") return undefined;
    if (endsSessions(one)) return ["deletes sessions", "they are somebody's sign-in"];
    const segment = one.template.endsWith("}") ? lastSegment(one) : (one.template.split("/").at(-1) ?? "");
    return isAboutTokens(segment) ? ["is a DELETE", `of ${wordsOf(segment).join(" ")}`] : undefined;
  },
};

/** Its last segment says so, or it asks for nothing: `POST /events/{id}/logout-clicks` is none. */
function isLogout(one: Described): boolean {
  const own = wordsOf(one.template.split("/").filter(Boolean).at(-1) ?? "").join(" ");
  return LOGOUT.test(own) || (!one.template.includes("{") && one.takes.every((field) => !field.required));
}

/** `DELETE /users/{id}/sessions/{id}` ends a sign-in; `DELETE /recorders/{id}/sessions/{id}` does not. */
function endsSessions({ template, words, description }: Described): boolean {
  const segments = staticSegments(template).map(nounOf);
  if (segments.at(-1) !== "session") return false;
  const owner = segments.at(-2);
  const own = owner === undefined || PERSON.test(owner) || /^(v\d+|api)$/.test(owner);
  return own || /\b(log ?out|sign ?out|(user|account|login) sessions?)\b/.test(`${words} ${description}`);
}
