/**
 * What names in documents are taken to say. They order attempts and decide what is tried; whether they are right
 * shows when it is called.
 */

const PERSON =
  /^(new_?)?(to|owner|user|member|recipient|assignee|transferee|account|username|login|e-?mail)(_?(id|uuid|name|e-?mail))?$/i;
const ENDS_SESSION = /log-?out|sign-?out|sign-?off|revoke|invalidate|session/i;
const LIFETIME =
  /(^|[/_])(ttl|lifetime|expires?(_?in)?|expiry|exp|max_?age|valid(ity|_?for|_?until)?)(_?s(ec(ond)?s)?)?$/i;

const ENDS_TOKEN =
  /^((access|auth|bearer|session|id)?(token|jwt)?)(ttl|life(time|span)?|expire[sd]?(in|at|on|date|time)?|expir(y|ation)(in|at|date|time)?|exp|maxage|valid(ity|for|until|till|to)?)(ms|milli(s|seconds)?|s|secs?|seconds)?$/i;

/** The last part of a JSON Pointer. */
export function lastName(pointer: string): string {
  const last = pointer.slice(pointer.lastIndexOf("/") + 1);
  return last.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A place that names somebody: `to`, `owner_id`, `username`. */
export function namesPerson(name: string): boolean {
  return PERSON.test(name);
}

/** An operation that ends a session or a token, by its words. */
export function namesEndOfSession(words: string): boolean {
  return ENDS_SESSION.test(words);
}

/** When a token ends or how long it lives, beside it in an answer: `expiresIn`, `expires_at`, `accessTokenExpiry`. */
export function namesEnd(pointer: string): boolean {
  return ENDS_TOKEN.test(lastName(pointer).replace(/[_-]/g, ""));
}

/** How long something lives: `ttl`, `expires_in`. */
export function namesLifetime(pointer: string): boolean {
  return LIFETIME.test(pointer);
}
