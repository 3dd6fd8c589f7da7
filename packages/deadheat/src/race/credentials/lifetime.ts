import { namesEnd } from "../../plan/names.ts";
import { parseJwt } from "../controls/jwt/compact.ts";
import type { Exchange } from "../exchange.ts";
import { getAt, scalars } from "../pointer.ts";

/**
 * How long a token lives, ms from the answer that gave it: as it says itself (`exp`, RFC 7519 §4.1.4), else as is said beside
 * it (`expires_in`, RFC 6749 §5.1, and what else that is called) or further out. `undefined` where nothing is said.
 */
export function lifetimeAt(answer: Exchange, pointer: string): number | undefined {
  const token = getAt(answer.body, pointer);
  const own = typeof token === "string" ? lifetimeIn(token, answer) : undefined;
  if (own !== undefined) return own;
  for (let holder = parentOf(pointer); holder !== undefined; holder = parentOf(holder)) {
    const beside = scalars(getAt(answer.body, holder)).filter((one) => one.pointer.lastIndexOf("/") === 0);
    for (const one of beside) {
      const life = namesEnd(one.pointer) ? lifetimeFrom(one.value, one.pointer, answer) : undefined;
      if (life !== undefined) return life;
    }
  }
  return undefined;
}

/** The same of a token that stands anywhere in the answer. */
export function lifetimeOf(answer: Exchange, token: string): number | undefined {
  const place = scalars(answer.body).find((one) => one.value === token);
  return place === undefined ? lifetimeIn(token, answer) : lifetimeAt(answer, place.pointer);
}

/** `exp` less `iat` of a JSON Web Token; ms. Without `iat`, less the server's time as its answer tells it. */
export function lifetimeIn(token: string, answer?: Exchange): number | undefined {
  const { exp, iat } = parseJwt(token)?.claims ?? {};
  if (typeof exp !== "number" || !Number.isFinite(exp)) return undefined;
  const issued = typeof iat === "number" ? iat * 1000 : answer && serverTime(answer);
  const life = issued === undefined ? 0 : exp * 1000 - issued;
  return life > 0 ? life : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Above it a number is no duration of seconds but a time since 1970 (2001 and later), and above the other one of ms. */
const EPOCH_S = 1e9;
const EPOCH_MS = 1e12;

/** Seconds, `15m`, a time with its zone (RFC 3339), or one since 1970; ms from now. */
export function lifetimeFrom(value: unknown, name: string, answer: Exchange): number | undefined {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === "number") return positive(fromNumber(number, name, answer));
  if (typeof value !== "string") return undefined;
  const [, amount, unit = ""] = /^(\d+) ?(ms|s|m|h|d)[a-z]*$/i.exec(value) ?? [];
  if (amount !== undefined) return positive(Number(amount) * (UNITS[unit.toLowerCase()] ?? 0));
  // Without a zone nobody knows which time it is.
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/i.test(value) ? Date.parse(value) : Number.NaN;
  const now = serverTime(answer);
  return Number.isFinite(time) && now !== undefined ? positive(time - now) : undefined;
}

function fromNumber(number: number, name: string, answer: Exchange): number | undefined {
  if (number < EPOCH_S) return /(ms|milli(s|seconds)?)$/i.test(name) ? number : number * 1000;
  const now = serverTime(answer);
  return now === undefined ? undefined : (number < EPOCH_MS ? number * 1000 : number) - now;
}

function positive(life: number | undefined): number | undefined {
  return life !== undefined && life > 0 ? life : undefined;
}

/** As its `Date` header says (RFC 9110 §6.6.1): cut to a second, so that a life reckoned from it is never too short. */
function serverTime({ headers }: Exchange): number | undefined {
  const time = Date.parse(headers.date ?? "");
  return Number.isFinite(time) ? time : undefined;
}

function parentOf(pointer: string): string | undefined {
  return pointer === "" ? undefined : pointer.slice(0, pointer.lastIndexOf("/"));
}
