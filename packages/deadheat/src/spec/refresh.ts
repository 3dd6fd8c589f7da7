import { lastName } from "../plan/names.ts";
import type { Operation, Slot } from "../plan/operation.ts";
import type { Carrier } from "../plan/plan.ts";
import { looksLikeToken } from "./tokens.ts";

/** What takes a refresh token and gives none: it ends it, or tells about it (RFC 7009, RFC 7662). */
const ENDS = /log-?out|sign-?out|sign-?off|revo(ke|cation)|invalidate|blacklist|introspect|verify/i;
const EXCHANGES = /refresh|renew|rotate/i;
/** What else is refreshed. */
const OF_TOKENS = /auth|token|session|jwt|log-?in|sign-?in/i;

/** Where an operation takes the refresh token that it exchanges for new tokens (RFC 6749 §6); or none. */
export function refreshCarrier(operation: Operation): Carrier | undefined {
  const { unfillable, headerTexts = [] } = operation;
  if (!mayExchange(operation)) return undefined;
  const slot = unfillable === undefined ? refreshSlot(operation) : undefined;
  if (slot) return { slot };
  const header = headerTexts.find((one) => /refresh/i.test(one));
  if (header && (unfillable === undefined || unfillable === header)) return { header: header.toLowerCase() };
  return unfillable === undefined && needsOnlyBearer(operation) ? { instead: "access token" } : undefined;
}

/** It exchanges a refresh token that travels in a cookie, as far as the document tells; or its token is nowhere to be seen. */
export function refreshesByCookie(operation: Operation): boolean {
  const { cookies = [], body, open, words } = operation;
  if (
    !mayExchange(operation) ||
    refreshCarrier(operation) ||
    !(isNamedRefresh(operation) || cookies.some(named))
  )
    return false;
  const takesNothing = open && !(body?.slots ?? []).some((slot) => slot.required);
  return cookies.length > 0 || (takesNothing && OF_TOKENS.test(words) && givesToken(operation));
}

const named = (cookie: string) => /refresh|^rt$/i.test(cookie);

function mayExchange({ method, pathParameters, words, leaves }: Operation): boolean {
  if (method !== "POST" || pathParameters.length > 0 || ENDS.test(words)) return false;
  return leaves === undefined || leaves.some(looksLikeToken);
}

function isNamedRefresh({ words, bearer }: Operation): boolean {
  return EXCHANGES.test(words) || bearer.some((scheme) => /refresh/i.test(scheme));
}

function givesToken({ leaves }: Operation): boolean {
  return leaves?.some(looksLikeToken) === true;
}

/** The bearer's token is the refresh token, as Flask-JWT-Extended has it: nothing else is asked for. */
function needsOnlyBearer(operation: Operation): boolean {
  const { open, bearer, body } = operation;
  if (open || bearer.length === 0 || (body?.slots ?? []).some((slot) => slot.required && !slot.fixed))
    return false;
  return isNamedRefresh(operation) && givesToken(operation);
}

/** Its own name, or that of the operation beside a place that is called a token. */
function refreshSlot({ body, words }: Operation): Slot | undefined {
  const texts = (body?.slots ?? []).filter((slot) => slot.type === "string" && !slot.fixed);
  return (
    texts.find((slot) => /refresh/i.test(slot.pointer)) ??
    (/refresh/i.test(words) ? texts.find((slot) => /^(token|jwt)$/i.test(lastName(slot.pointer))) : undefined)
  );
}
