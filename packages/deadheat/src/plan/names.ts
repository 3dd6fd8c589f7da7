/**
 * What names in documents are taken to say. They order attempts and decide what is tried; whether they are right
 * shows when it is called.
 */

const PERSON =
  /^(new_?)?(to|owner|user|member|recipient|assignee|transferee|account|username|login|e-?mail)(_?(id|uuid|name|e-?mail))?$/i;
const ENDS_SESSION = /log-?out|sign-?out|sign-?off|revoke|invalidate|session/i;
const LIFETIME =
  /(^|[/_])(ttl|lifetime|expires?(_?in)?|expiry|exp|max_?age|valid(ity|_?for|_?until)?)(_?s(ec(ond)?s)?)?$/i;

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

/** How long something lives: `ttl`, `expires_in`. */
export function namesLifetime(pointer: string): boolean {
  return LIFETIME.test(pointer);
}
