import { createHash } from "node:crypto";

/** What is shown of one text at most, in characters. */
const LONGEST = 2000;
/** How deep and how wide a value of an API may be before the rest is left out. */
const DEEPEST = 12;
const WIDEST = 500;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const JWT = /\beyJ[\w-]{4,}\.[\w-]{2,}(?:\.[\w-]*){0,3}/g;
const PRESENTED = /\b([Bb]earer|BEARER|Basic|DPoP|Token)(\s+|%20|\+)([\w.~+/=|-]{8,})/g;
const ASSIGNED =
  /((?:access_|refresh_|id_)?token|api[_-]?key|password|passwd|secret|session(?:id)?|otp)(["']\s*:\s*["']|=["']?)([^\s"'&,;<>[\]{}]{4,})/gi;
const RUN = /[A-Za-z0-9_-]{24,}/g;

/** Names whose values are secrets, whatever they look like. `token_type` and `expires` are none. */
const SECRET_NAME =
  /(?:^|[_-])(?:token|secret|password|passwd|pwd|otp|pin|cvc|jwt|cookie|authorization|api[_-]?key|session(?:[_-]?id)?|code|key|hash|signature|credentials?|ticket|assertion|nonce|salt|bearer|access|refresh)$/i;

/** Whether what stands under this name is a secret: `accessToken`, `new_password`, `code`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2"));
}

/** A secret as it may be shown: equal ones can be told to be equal, and nothing else. */
export interface Mask {
  (secret: string): string;
  /** Masked wherever they stand, whatever they look like; the longer first, since one may be part of another. */
  readonly known: readonly string[];
}

/**
 * @param salt kept out of everything that is shown; without it a short secret could be guessed
 * @param known secrets of which it is known that they are some
 */
export function maskWith(salt: string, known: readonly string[] = []): Mask {
  const digest = (secret: string) => createHash("sha256").update(`${salt} ${secret}`).digest("hex");
  return Object.assign((secret: string) => `[redacted ${digest(secret).slice(0, 8)}]`, {
    known: [...new Set(known)].sort((a, b) => b.length - a.length),
  });
}

/** Text of an API without what looks like a credential, and not endless. */
export function redactText(text: string, mask: Mask): string {
  // Cut first: patterns over ten megabytes would be the attack. What is known is not cut through, though.
  const begin = text.slice(0, LONGEST + (mask.known[0]?.length ?? 0));
  const clean = mask.known
    .reduce((rest, secret) => rest.replaceAll(secret, mask(secret)), begin)
    .slice(0, LONGEST)
    .replace(JWT, mask)
    .replace(PRESENTED, (whole, word: string, gap: string, value: string) =>
      isCredential(value) ? `${word}${gap}${mask(value)}` : whole,
    )
    .replace(ASSIGNED, (whole, name: string, sign: string, value: string) =>
      /^\d{1,3}$|^(?:true|false|null)$/.test(value) ? whole : `${name}${sign}${mask(value)}`,
    )
    .replace(RUN, (run) => (looksRandom(run) ? mask(run) : run));
  return text.length > LONGEST ? `${clean}… (${text.length.toLocaleString("en-US")} characters)` : clean;
}

/** `Bearer abc123…`, but neither `Bearer authentication` nor `Token /oauth/token`. */
function isCredential(value: string): boolean {
  return !value.startsWith("/") && (/\d|[a-z][A-Z]/.test(value) || value.length >= 16);
}

/** Long, of letters and many digits: a key, not a name. A UUID names something. */
function looksRandom(run: string): boolean {
  if (UUID.test(run) || !/[A-Za-z]/.test(run)) return false;
  const digits = run.replace(/\D/g, "").length;
  const turns = run.match(/[a-z][A-Z0-9]|[A-Z0-9][a-z]/g)?.length ?? 0;
  return digits >= 4 && (digits * 6 >= run.length || turns * 3 >= run.length);
}

const LONG_RUN = /[\w+=-]{16,}/g;

/**
 * Text of a request or an answer itself: whatever in it is long and is neither a word nor a UUID may be a key, however
 * few digits there are in it. A name that is masked too many is the smaller harm.
 */
export function redactMessage(text: string, mask: Mask): string {
  return redactText(text, mask).replace(LONG_RUN, (run) =>
    UUID.test(run) || !/[a-z].*[A-Z]|[A-Z].*[a-z]|\d.*[A-Za-z]|[A-Za-z].*\d/.test(run) ? run : mask(run),
  );
}

/** The same for the body of one, as JSON has it. What stands under the name of a secret is masked whole. */
export function redactBody(body: unknown, mask: Mask): unknown {
  return walk(body, (text) => redactMessage(text, mask), mask, isSecretName, 0);
}

/** For a value of our own that quotes an API. Names in it are ours: `token` is one of a model's words. */
export function redactValue(value: unknown, mask: Mask): unknown {
  return walk(
    value,
    (text) => redactText(text, mask),
    mask,
    () => false,
    0,
  );
}

function walk(
  value: unknown,
  redact: (text: string) => string,
  mask: Mask,
  isSecret: (name: string) => boolean,
  depth: number,
): unknown {
  if (typeof value === "string") return redact(value);
  if (value === null || typeof value !== "object") return value;
  if (depth >= DEEPEST) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, WIDEST).map((one) => walk(one, redact, mask, isSecret, depth + 1));
    return value.length > WIDEST ? [...shown, `… ${value.length - WIDEST} more`] : shown;
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, WIDEST)
      .map(([name, inner]) => [
        redact(name),
        isSecret(name) && isScalar(inner)
          ? mask(String(inner))
          : walk(inner, redact, mask, isSecret, depth + 1),
      ]),
  );
}

function isScalar(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

/** Keys whose values name something of ours: a file, a finding. */
const NAMES = new Set(["id", "schema", "seed", "document", "file", "witness", "fingerprint"]);

/** A report or an event of ours with each text in it redacted. What is redacted stays as it is when done again. */
export function redactTexts<T>(value: T, mask: Mask): T {
  const clean = (one: unknown): unknown => {
    if (typeof one === "string") return redactText(one, mask);
    if (Array.isArray(one)) return one.map(clean);
    if (one === null || typeof one !== "object") return one;
    return Object.fromEntries(
      Object.entries(one).map(([name, inner]) => [name, NAMES.has(name) ? inner : clean(inner)]),
    );
  };
  return clean(value) as T;
}
