import type { Json } from "./compact.ts";

/** A claim that has to be looked at, changed so that the token must be refused. */
export interface ClaimChange {
  readonly does: string;
  readonly clause: string;
  readonly claims: Json;
}

const DAY = 86_400;
const STRANGER = "https://deadheat.invalid";

/** Claims that the genuine token has, each made wrong by itself. `now`: the server's clock, s since the epoch. */
export function claimChanges(genuine: Json, now: number): ClaimChange[] {
  const { exp, ...withoutExp } = genuine;
  const has = (name: string) => Object.hasOwn(genuine, name);
  const changes: (ClaimChange | false)[] = [
    has("exp") && { does: "no exp", clause: "RFC 7519 §4.1.4", claims: withoutExp },
    has("exp") && {
      does: "exp a day ago",
      clause: "RFC 7519 §4.1.4",
      claims: { ...genuine, iat: now - 2 * DAY, nbf: now - 2 * DAY, exp: now - DAY },
    },
    has("nbf") && {
      does: "nbf in a day",
      clause: "RFC 7519 §4.1.5",
      claims: { ...genuine, nbf: now + DAY, exp: now + 2 * DAY },
    },
    has("aud") && {
      does: "aud of somebody else",
      clause: "RFC 8725 §3.9",
      claims: { ...genuine, aud: STRANGER },
    },
    has("iss") && {
      does: "iss of somebody else",
      clause: "RFC 8725 §3.8",
      claims: { ...genuine, iss: STRANGER },
    },
  ];
  return changes.filter((one) => one !== false);
}

const ROLES = ["role", "roles", "scope", "scopes", "scp", "permissions", "is_admin", "admin"];

/** The same principal with more rights, where the token says what rights it has. */
export function moreRights(genuine: Json): Json {
  const name = ROLES.find((one) => Object.hasOwn(genuine, one)) ?? "role";
  const value = genuine[name];
  return {
    ...genuine,
    [name]: Array.isArray(value) ? [...value, "admin"] : typeof value === "boolean" ? true : "admin",
  };
}
