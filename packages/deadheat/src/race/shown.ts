import type { ShownAnswer, ShownRequest } from "../findings/evidence.ts";
import { type Mask, redactBody, redactMessage } from "../findings/redact.ts";
import { type Exchange, parseJson } from "./exchange.ts";

/** Headers whose values say how a request is meant, and never who sends it. */
const PLAIN_HEADERS = new Set(["accept", "content-type", "if-match", "if-none-match", "prefer"]);
const LONGEST_BODY = 2000;

/** A request as it may be shown: credentials are named, not told; a body is cut. */
export function shownRequest({ request }: Exchange, mask: Mask): ShownRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name.toLowerCase(),
    PLAIN_HEADERS.has(name.toLowerCase()) ? redactMessage(value, mask) : concealed(value, mask),
  ]);
  const body = request.body === undefined ? undefined : shownBody(parsed(request.body), mask);
  return {
    method: request.method,
    path: redactMessage(request.path, mask),
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  };
}

/** The answer to it; absent where no complete one came. */
export function shownAnswer({ status, body }: Exchange, mask: Mask): ShownAnswer | undefined {
  if (status === undefined) return undefined;
  const shown = body === undefined ? undefined : shownBody(body, mask);
  return { status, ...(shown === undefined ? {} : { body: shown }) };
}

/** Too short to be told from a word: `1` of `x-version: 1` stands everywhere. */
const SHORTEST_SECRET = 6;

/** The credentials that requests carried: wherever else they stand, they are masked too, whatever they look like. */
export function knownSecrets(exchanges: readonly Exchange[]): readonly string[] {
  const values = exchanges.flatMap(({ request }) =>
    Object.entries(request.headers).flatMap(([name, value]) =>
      PLAIN_HEADERS.has(name.toLowerCase()) ? [] : [value, ...value.split(/[ ;=]+/)],
    ),
  );
  return values.filter((one) => one.length >= SHORTEST_SECRET && !SCHEMES.has(one.toLowerCase()));
}

const SCHEMES = new Set(["bearer", "basic", "digest", "negotiate"]);

/** `Bearer [redacted 1f2e3d4c]`: the word before a token says how it travels. */
function concealed(value: string, mask: Mask): string {
  const [word = "", ...rest] = value.split(" ");
  return rest.length > 0 && /^[A-Za-z]{1,12}$/.test(word) ? `${word} ${mask(rest.join(" "))}` : mask(value);
}

function parsed(text: string): unknown {
  return parseJson(text) ?? text;
}

function shownBody(body: unknown, mask: Mask): string {
  const shown = redactBody(body, mask);
  const text = typeof shown === "string" ? shown : JSON.stringify(shown);
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text;
}
