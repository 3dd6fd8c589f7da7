import { type Described, endsInParameter, lastSegment } from "../facts/described.ts";
import { nounOf, staticSegments, wordsOf } from "../facts/words.ts";
import type { LifecycleRule } from "./rule.ts";
import { isAboutTokens, saidOf, takenToken } from "./tokens.ts";

const LOGOUT = /\b(log ?out|sign ?out|log ?off|sign ?off)\b/;
/** A path segment that says this and no more than whom. */
const LOGS_OUT =
  /\b(log ?out|sign ?out|log ?off|sign ?off)( (all|every ?where|users?|me|myself|self|sessions?|others?|current|now))*$/;
const REVOKES =
  /\b(revoke|revokes|revocation|revokation|invalidate|expire|kill|terminate|end|destroy|delete|remove|log ?out|blacklists?|black ?list|deny ?list)\b/;
const ENDS_SESSIONS =
  /\b(terminate|kill|expire|destroy|end)s? (all |the |other |active |your |users? |accounts? |members? )*(sessions?|tokens?|log ?ins?)\b/;
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
    if (method !== "GET" && /\bdeauthori[sz]es?\b/.test(said) && one.takes.every((field) => !field.required))
      return ["is called a deauthorization", `is a ${method} that needs no body`];
    if (method === "GET" || OF_OTHERS.test(said)) return undefined;
    const token = takenToken(one);
    if (token && REVOKES.test(said) && OF_TOKENS.test(said))
      return [`takes ${token.pointer}`, "is called after the end of it"];
    if (/\b(revoke|revocation|revokation|invalidate)\b/.test(said) && OF_TOKENS.test(said))
      return ["is called a revocation", `of ${OF_TOKENS.exec(said)?.[0]}`];
    if (ENDS_SESSIONS.test(said) && /\b(users?|accounts?|members?|log ?ins?|auth)\b/.test(said))
      return ["is called the end of sessions", "they are somebody's sign-in"];
    if (method !== "DELETE") return undefined;
    if (endsSessions(one)) return ["deletes sessions", "they are somebody's sign-in"];
    if (endsGrants(one)) return ["deletes what a client was allowed", "its tokens end with it"];
    const segment = lastSegment(one);
    return isAboutTokens(segment) ? ["is a DELETE", `of ${wordsOf(segment).join(" ")}`] : undefined;
  },
};

/** Its last segment says so and no more, or it asks for nothing: `POST /events/{id}/logout-clicks` is none. */
function isLogout(one: Described): boolean {
  const own = wordsOf(lastSegment(one)).join(" ");
  const ends = endsInParameter(one) ? /\{[^}]*(token|session)[^}]*\}\/?$/i.test(one.template) : true;
  return (
    (ends && LOGS_OUT.test(own)) ||
    (!one.template.includes("{") && one.takes.every((field) => !field.required))
  );
}

/** `DELETE /oauth/authorizations/{client_id}`: what a program was allowed to do, and its tokens with it. */
function endsGrants(one: Described): boolean {
  const noun = nounOf(lastSegment(one));
  return (
    /^(authorization|grant|consent)$/.test(noun) && /\b(oauth2?|clients?|applications?)\b/.test(one.words)
  );
}

/** `DELETE /users/{id}/sessions/{id}` ends a sign-in; `DELETE /recorders/{id}/sessions/{id}` does not. */
function endsSessions({ template, words, description }: Described): boolean {
  const segments = staticSegments(template).map(nounOf);
  if (segments.at(-1) !== "session") return false;
  const owner = segments.at(-2);
  const own = owner === undefined || PERSON.test(owner) || /^(v\d+|api)$/.test(owner);
  return own || /\b(log ?out|sign ?out|(user|account|login) sessions?)\b/.test(`${words} ${description}`);
}
