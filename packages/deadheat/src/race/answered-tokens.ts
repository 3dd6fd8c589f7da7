import { lastName } from "../plan/names.ts";
import { scalars } from "./pointer.ts";

export interface TokenText {
  /** Where it stands in an answer (RFC 6901). */
  readonly pointer: string;
  readonly value: string;
}

const MOST_TRIED = 6;
const TOKEN = /^[A-Za-z0-9\-._~+/|]{8,}=*$/;
const CALLED_SO = /token|jwt|access|key/i;

/** Texts of an answer that may be a token, likeliest first. Whether one is shows when it is sent. */
export function tokenTexts(body: unknown): TokenText[] {
  const likely = ({ pointer }: TokenText) => Number(CALLED_SO.test(pointer));
  return textsIn(body)
    .filter(({ value }) => TOKEN.test(value))
    .sort((a, b) => likely(b) - likely(a))
    .slice(0, MOST_TRIED);
}

/**
 * The refresh token of an answer: by its own name, else by that of what it stands in (`/tokens/refresh/token`). When it
 * ends and of what kind it is stand beside it in some answers.
 */
export function refreshTokenIn(body: unknown, access: string | undefined): TokenText | undefined {
  const texts = textsIn(body).filter(
    ({ pointer, value }) =>
      pointer !== access && value !== "" && !BESIDE.test(lastName(pointer)) && !isDate(value),
  );
  return (
    texts.find(({ pointer }) => /refresh/i.test(lastName(pointer))) ??
    texts.find(({ pointer }) => /refresh/i.test(pointer) && /token|jwt|value/i.test(lastName(pointer)))
  );
}

const BESIDE = /expir|_?(at|in|ttl|type|ur[il]|until|lifetime)$/i;

function isDate(value: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(value);
}

function textsIn(body: unknown): TokenText[] {
  return scalars(body).flatMap(({ pointer, value }) =>
    typeof value === "string" ? [{ pointer, value }] : [],
  );
}
