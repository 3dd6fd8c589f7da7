import type { Described } from "../facts/described.ts";
import type { Field } from "../facts/fields.ts";
import { wordsOf } from "../facts/words.ts";

const TOKEN =
  /^(x)?(access|auth|authentication|authorization|id|session|bearer|user|api|login|jwt|oauth|refresh)?(token|jwt)(value|string|key)?$|^(jwt|bearer|sessionkey|sid)$/;
/** Called tokens, and open nothing. */
const OTHER =
  /csrf|xsrf|captcha|device|push|page|next|continuation|cursor|sync|card|payment|reset|verification/;

/** A text that may be a token which opens an API. */
export function isTokenField(field: Field): boolean {
  return TOKEN.test(field.plain) && !OTHER.test(field.plain) && (field.type ?? "string") === "string";
}

/** The place of its answer that holds a token. */
export function givenToken({ gives = [] }: Described): Field | undefined {
  // djangorestframework-simplejwt calls them `access` and `refresh`.
  const isShort = gives.some((field) => field.plain === "access" && field.type === "string");
  return gives.find(
    (field) =>
      field.depth <= 3 &&
      (isTokenField(field) || (isShort && field.plain === "access")) &&
      !field.pointer.includes("/0") &&
      // `files: { token }` opens files.
      field.wrapper.every((one) => AROUND.test(one)),
  );
}

/** What stands around a token that opens an API: nothing in particular, or whose or which it is. */
const AROUND =
  /token|auth|session|login|jwt|credential|grant|access|user|account|profile|member|customer|identity|client|^(data|results?|response|payload|body|object|attributes|item|value|content|output|d|info|meta|details|success|message|msg|entity|resource|record|key)$/;

/** The place of its body that holds a token which was given before. */
export function takenToken({ takes }: Described): Field | undefined {
  return takes.find(
    (field) =>
      field.depth <= 2 && (isTokenField(field) || (field.plain === "refresh" && field.type === "string")),
  );
}

const PASSWORD =
  /^(user|current|old|new|login|account|existing|previous|plain)?(password|passwd|pwd|passphrase|pass)\d?$/;
const CHECKED =
  /^(conf|confirm|confirmation|repeat|re|verify|again)?(password|passwd|pwd)(confirm|confirmation|again|repeat|verify|2)?$/;
const NAME =
  /^(user|login|account|customer)?(name|email|emailaddress|login|id|identifier|phone|phonenumber|mobile)$|^(handle|msisdn)$/;

export function isPassword(field: Field): boolean {
  return PASSWORD.test(field.plain) || CHECKED.test(field.plain);
}

/** A name by which somebody is known, or an address of theirs. */
export function isName(field: Field): boolean {
  return NAME.test(field.plain) && field.depth <= 2;
}

/** Words of its operationId and its summary and of the fixed part of its path, each once. */
export function saidOf(one: Described): string {
  return one.words;
}

/** The last word or pair of words of a path segment: `access token` for `access_tokens`. */
export function isAboutTokens(segment: string): boolean {
  const words = wordsOf(segment).join(" ");
  return /^(((personal )?(access|auth|authentication|bearer|refresh|session|id|api|installation access) )?tokens?|jwts?|oauth2? tokens?|oauth2? access tokens?)$/.test(
    words,
  );
}
